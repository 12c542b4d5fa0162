import type * as pulumi from "@pulumi/pulumi";
import type { ChartSystem } from "../../kit/chart-system.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { dashboard, type Dashboard } from "../../kit/dashboard.ts";
import { podMonitor } from "../../kit/metrics.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { traefikPorts } from "./traefik-values.ts";

/** Labels that the chart gives Traefik's pods. */
export const traefikPods = { "app.kubernetes.io/name": "traefik" } as const;

/** Has Prometheus ask every pod of Traefik, and shows what they say. @param metadata of the monitor, beside the pods */
export function watchTraefik(
  monitoring: ChartSystem,
  metadata: ObjectMetadata,
  options: { readonly parent: pulumi.Resource },
): void {
  const port = { name: "metrics", number: traefikPorts.metrics };
  podMonitor("traefik", { monitoring, metadata, selector: traefikPods, port }, options);
  dashboard("traefik", { monitoring, metadata, dashboard: pages }, options);
  alertRules("traefik", { monitoring, metadata, alerts: [highErrorRate] }, options);
}

/** The share of a service's requests that end in a server error. */
const errorRate =
  'sum by (service) (rate(traefik_service_requests_total{code=~"5.."}[5m])) / sum by (service) (rate(traefik_service_requests_total[5m]))';

const pages: Dashboard = {
  title: "Ingress",
  panels: [
    {
      title: "Requests",
      unit: "reqps",
      queries: { "{{code}}": "sum by (code) (rate(traefik_entrypoint_requests_total[5m]))" },
    },
    {
      title: "Request duration (p99)",
      unit: "s",
      queries: {
        "{{service}}":
          "histogram_quantile(0.99, sum by (le, service) (rate(traefik_service_request_duration_seconds_bucket[5m])))",
      },
    },
    {
      title: "Error rate (HTTP 5xx)",
      unit: "percentunit",
      queries: { "{{service}}": errorRate },
    },
    {
      title: "Open connections",
      unit: "short",
      queries: { "{{entrypoint}}": "sum by (entrypoint) (traefik_open_connections)" },
    },
  ],
};

const highErrorRate: Alert = {
  name: "HighErrorRate",
  expression: `${errorRate} > 0.05`,
  for: "10m",
  severity: "warning",
  summary:
    "Requests to {{ $labels.service }} fail: {{ $value | humanizePercentage }} of them end in HTTP 5xx.",
};
