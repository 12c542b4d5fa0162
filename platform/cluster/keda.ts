import type { Size } from "../../config/systems.ts";
import { fromApiServer, toApiServer } from "../kit/api-server-access.ts";
import { ChartSystem } from "../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../kit/chart.ts";
import { kedaRendering, kedaReplicas, kedaResources } from "./keda-rendering.ts";

export interface KedaArgs {
  readonly place: ChartPlace;
  /** From one pod of each part to one that stands by. */
  readonly size: Size;
}

/** KEDA: starts and ends jobs and pods as their work comes and goes. Its namespace is its own. */
export class Keda extends ChartSystem {
  constructor(args: KedaArgs) {
    super({ name: "keda", layer: "cluster" }, args.place);
    this.install("keda", { values: kedaValues(args.size), rendering: kedaRendering(args.size) });
    this.openEdges({
      from: [
        fromApiServer(ports.metricsApi),
        fromApiServer(ports.webhooks),
        { peer: this.#itself, port: ports.operator },
      ],
      to: [...toApiServer, { peer: this.#itself, port: ports.operator }],
    });
    this.registerOutputs();
  }

  /** The metrics server asks the operator. */
  get #itself() {
    return { kind: "namespace", namespace: this.namespace } as const;
  }
}

/** The pods' ports, by the chart. */
const ports = { operator: 9666, metricsApi: 6443, webhooks: 9443 } as const;

/** Values of the chart `keda`. Its security contexts are the house's by default. */
export function kedaValues(size: Size): ChartValues {
  const replicaCount = kedaReplicas(size);
  const disruption = { maxUnavailable: 1 };
  return {
    image: { pullPolicy: "IfNotPresent" },
    operator: { replicaCount },
    metricsServer: { replicaCount },
    webhooks: { replicaCount },
    resources: { operator: kedaResources, metricServer: kedaResources, webhooks: kedaResources },
    ...(replicaCount > 1 && {
      podDisruptionBudget: { operator: disruption, metricServer: disruption, webhooks: disruption },
    }),
  };
}
