import type { Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** What the plugin may use on a node with a GPU. */
export const nvidiaResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/** What the values make of the chart, whatever the size. */
export const nvidiaRendering: Rendering<"nvidia-device-plugin"> = {
  workloads: {
    "DaemonSet/nvidia-device-plugin": { containers: { "nvidia-device-plugin-ctr": nvidiaResources } },
    // For nodes that share a GPU by MPS, which none is labelled for.
    "DaemonSet/nvidia-device-plugin-mps-control-daemon": false,
  },
};
