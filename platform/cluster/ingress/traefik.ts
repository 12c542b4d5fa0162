import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { ChartSystem } from "../../kit/chart-system.ts";
import { networkAccess, type Peer } from "../../kit/network-access.ts";
import { System } from "../../kit/system.ts";
import { nginx, traefikPorts, traefikValues, type TraefikSettings } from "./traefik-values.ts";
import { traefikPods, watchTraefik } from "./traefik-watching.ts";

/** The namespace of what k3s packages. */
const systemNamespace = "kube-system";

/** Where the requests of a Traefik come from that k3s or k3d brought along. */
export const packagedTraefik: Peer = { kind: "pods", namespace: systemNamespace, selector: traefikPods };

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
    watchTraefik(monitoring, this.metadata("traefik"), { parent: this });
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
