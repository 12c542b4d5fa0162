import * as kubernetes from "@pulumi/kubernetes";
import { toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import type { Peer } from "../../kit/network-access.ts";
import {
  installedTraefikValues,
  nginx,
  traefikPorts,
  traefikRendering,
  type TraefikOptions,
} from "./traefik-values.ts";
import { traefikPods, watchTraefik } from "./traefik-watching.ts";

export interface InstalledTraefikArgs extends TraefikOptions {
  readonly place: ChartPlace;
}

/**
 * Traefik on a cluster that runs already and has no ingress controller: installed by its chart, behind a load balancer of the cluster, also
 * for Ingresses that were written for ingress-nginx.
 */
export class InstalledTraefik extends ChartSystem {
  /** Where its requests come from. */
  readonly peer: Peer;

  constructor({ options, place }: InstalledTraefikArgs) {
    super({ name: "ingress", layer: "cluster" }, place);
    this.peer = { kind: "pods", namespace: this.namespace, selector: traefikPods };
    this.#createClasses();
    this.#openEdges();
    this.install("traefik", {
      values: installedTraefikValues({ options }),
      rendering: traefikRendering(options.size),
    });
    this.registerOutputs();
  }

  /** Has Prometheus ask every pod. */
  watchBy(monitoring: ChartSystem): void {
    watchTraefik(monitoring, this.metadata("traefik"), { parent: this });
  }

  /** Its own class, which is also for Ingresses that name none, and that of ingress-nginx. */
  #createClasses(): void {
    const isDefault = { "ingressclass.kubernetes.io/is-default-class": "true" };
    const own = { name: "traefik", controller: "traefik.io/ingress-controller", annotations: isDefault };
    const classes = [own, { name: nginx.class, controller: nginx.controller, annotations: {} }];
    for (const { annotations, controller, name } of classes) {
      const { labels } = this.metadata(name);
      new kubernetes.networking.v1.IngressClass(
        name,
        { metadata: { name, labels, annotations }, spec: { controller } },
        { parent: this },
      );
    }
  }

  /** In from the world; out to the API server, and to every pod of the cluster that lets it in. */
  #openEdges(): void {
    const { secure, web } = traefikPorts;
    this.openEdges({
      from: [web, secure].map((port) => ({ peer: { kind: "world" }, port })),
      to: toApiServer,
    });
    new kubernetes.networking.v1.NetworkPolicy(
      "traefik-to-pods",
      {
        metadata: this.metadata("traefik-to-pods"),
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [{ to: [{ namespaceSelector: {} }] }],
        },
      },
      { parent: this },
    );
  }
}
