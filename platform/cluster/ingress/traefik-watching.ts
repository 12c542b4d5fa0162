import type * as pulumi from "@pulumi/pulumi";
import type { ChartSystem } from "../../kit/chart-system.ts";
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
}

const pages: Dashboard = {
  title: "Ingress",
  panels: [
    {
      title: "Requests",
      unit: "reqps",
      queries: { "{{code}}": "sum by (code) (rate(traefik_entrypoint_requests_total[5m]))" },
    },
    {
      title: "Slowest of 100 requests",
      unit: "s",
      queries: {
        "{{service}}":
          "histogram_quantile(0.99, sum by (le, service) (rate(traefik_service_request_duration_seconds_bucket[5m])))",
      },
    },
    {
      title: "Requests that failed",
      unit: "percentunit",
      queries: {
        "{{service}}":
          'sum by (service) (rate(traefik_service_requests_total{code=~"5.."}[5m])) / sum by (service) (rate(traefik_service_requests_total[5m]))',
      },
    },
    {
      title: "Open connections",
      unit: "short",
      queries: { "{{entrypoint}}": "sum by (entrypoint) (traefik_open_connections)" },
    },
  ],
};
