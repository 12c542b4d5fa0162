import * as kubernetes from "@pulumi/kubernetes";
import { gpuLabel } from "../../../infra/node-labels.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../../kit/chart.ts";
import { nvidiaRendering, nvidiaResources } from "./rendering.ts";

export interface NvidiaArgs {
  readonly place: ChartPlace;
}

/** The name by which pods ask for NVIDIA's container runtime, and by which containerd knows it. */
export const nvidiaRuntime = "nvidia";

/**
 * NVIDIA's GPUs: the runtime class `nvidia`, and the plugin that offers `nvidia.com/gpu` on the nodes of pools with a GPU. Driver and
 * container toolkit are the machine's: k3s finds the runtime when they are there.
 */
export class Nvidia extends ChartSystem {
  constructor({ place }: NvidiaArgs) {
    super({ name: "nvidia", layer: "cluster" }, place);
    const runtime = new kubernetes.node.v1.RuntimeClass(
      nvidiaRuntime,
      { metadata: { name: nvidiaRuntime, labels: this.labels() }, handler: nvidiaRuntime },
      { parent: this },
    );
    this.install("nvidia-device-plugin", {
      values: nvidiaValues(),
      rendering: nvidiaRendering,
      dependsOn: [runtime],
    });
    this.registerOutputs();
  }
}

/** Values of the chart `nvidia-device-plugin`: the program's own label of nodes, in place of a discovery of features. */
export function nvidiaValues(): ChartValues {
  const hasGpu = { key: gpuLabel, operator: "In", values: ["nvidia"] };
  return {
    runtimeClassName: nvidiaRuntime,
    resources: nvidiaResources,
    tolerations: [{ operator: "Exists" }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [hasGpu] }],
        },
      },
    },
  };
}
