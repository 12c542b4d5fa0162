import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { ChartSystem } from "../kit/chart-system.ts";
import { dashboard, type Dashboard } from "../kit/dashboard.ts";
import { podMonitor } from "../kit/metrics.ts";
import { networkAccess, type Peer } from "../kit/network-access.ts";
import { System } from "../kit/system.ts";
import { nginx, traefikPorts, traefikValues, type TraefikSettings } from "./traefik-values.ts";

/** The namespace of what k3s packages. */
const systemNamespace = "kube-system";
/** Labels that the chart gives Traefik's pods. */
const traefikPods = { "app.kubernetes.io/name": "traefik" } as const;

/** Where Traefik's requests come from, on every cluster that k3s or k3d made. */
export const traefikPeer: Peer = { kind: "pods", namespace: systemNamespace, selector: traefikPods };

export interface TraefikArgs extends TraefikSettings {
  readonly provider: kubernetes.Provider;
}

/**
 * k3s' packaged Traefik, tuned: on ports 80 and 443 of the nodes where public traffic enters, also for Ingresses that were written for
 * ingress-nginx. k3s' own controller installs it, and again when its settings change.
 */
export class Traefik extends System {
  constructor({ provider, ...settings }: TraefikArgs) {
    super({ name: "ingress", layer: "cluster" }, { provider, namespace: pulumi.output(systemNamespace) });
    this.#configure(settings);
    this.#serveNginx();
    this.#openEdges();
    this.registerOutputs();
  }

  /** Has Prometheus ask every pod. */
  watchBy(monitoring: ChartSystem): void {
    const port = { name: "metrics", number: traefikPorts.metrics };
    podMonitor(
      "traefik",
      { monitoring, metadata: this.metadata("traefik"), selector: traefikPods, port },
      { parent: this },
    );
    const { name, labels } = this.metadata("traefik");
    dashboard("traefik", { monitoring, metadata: { name, labels }, dashboard: pages }, { parent: this });
  }

  #configure(settings: TraefikSettings): void {
    new kubernetes.apiextensions.CustomResource(
      "traefik",
      {
        apiVersion: "helm.cattle.io/v1",
        kind: "HelmChartConfig",
        metadata: this.metadata("traefik"),
        spec: { valuesContent: stringify(traefikValues(settings)) },
      },
      { parent: this },
    );
  }

  #serveNginx(): void {
    const { labels } = this.metadata(nginx.class);
    new kubernetes.networking.v1.IngressClass(
      nginx.class,
      { metadata: { name: nginx.class, labels }, spec: { controller: nginx.controller } },
      { parent: this },
    );
  }

  /** The namespace is open, but a policy for metrics alone would close everything else. */
  #openEdges(): void {
    const { secure, web } = traefikPorts;
    networkAccess(
      "traefik",
      {
        metadata: this.metadata("traefik"),
        selector: traefikPods,
        from: [web, secure].map((port) => ({ peer: { kind: "world" }, port })),
      },
      { parent: this },
    );
  }
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
