import * as kubernetes from "@pulumi/kubernetes";
import type { z } from "zod";
import { gpuLabel } from "../../../infra/node-labels.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../../kit/chart.ts";
import type { nvidiaOptions } from "./options.ts";
import { nvidiaRendering, nvidiaResources } from "./rendering.ts";

export interface NvidiaArgs {
  readonly place: ChartPlace;
  readonly options: Pick<z.output<typeof nvidiaOptions>, "runtimeClass">;
}

/** The name by which pods ask for NVIDIA's container runtime, and by which containerd knows it. */
export const nvidiaRuntime = "nvidia";

/**
 * NVIDIA's GPUs: the plugin that offers `nvidia.com/gpu` on the nodes of pools with a GPU, and the RuntimeClass `nvidia` on a cluster that
 * does not bring it along. Driver and container toolkit are the machine's: k3s finds the runtime when they are there.
 */
export class Nvidia extends ChartSystem {
  constructor({ options, place }: NvidiaArgs) {
    super({ name: "nvidia", layer: "cluster" }, place);
    this.install("nvidia-device-plugin", {
      values: nvidiaValues(),
      rendering: nvidiaRendering,
      dependsOn: options.runtimeClass === "install" ? [this.#createRuntimeClass()] : [],
    });
    this.registerOutputs();
  }

  #createRuntimeClass(): kubernetes.node.v1.RuntimeClass {
    return new kubernetes.node.v1.RuntimeClass(
      nvidiaRuntime,
      { metadata: { name: nvidiaRuntime, labels: this.labels() }, handler: nvidiaRuntime },
      { parent: this },
    );
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
