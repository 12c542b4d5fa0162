import type { Size } from "../../config/systems.ts";
import type { Rendering } from "../charts/rendering.ts";
import type { Resources } from "../kit/container.ts";

/** The driver itself: it waits for Hetzner's API most of the time. */
const driver = {
  requests: { cpu: "20m", memory: "48Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
} as const satisfies Resources;

/** Each container beside it. */
const helper = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "100m", memory: "128Mi" },
} as const satisfies Resources;

/** What the containers may use, by the names that the chart's values have for them. */
export const hcloudCsiResources = {
  controller: {
    hcloudCSIDriver: driver,
    csiAttacher: helper,
    csiResizer: helper,
    csiProvisioner: helper,
    livenessProbe: helper,
  },
  node: { hcloudCSIDriver: driver, csiNodeDriverRegistrar: helper, livenessProbe: helper },
} as const;

/** Controllers: one leads, another stands by. */
export function hcloudCsiReplicas(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** What the values make of the chart. */
export function hcloudCsiRendering(size: Size): Rendering<"hcloud-csi"> {
  return {
    workloads: {
      "Deployment/hcloud-csi-controller": {
        replicas: hcloudCsiReplicas(size),
        containers: {
          "hcloud-csi-driver": driver,
          "csi-attacher": helper,
          "csi-resizer": helper,
          "csi-provisioner": helper,
          "liveness-probe": helper,
        },
      },
      "DaemonSet/hcloud-csi-node": {
        containers: {
          "hcloud-csi-driver": driver,
          "csi-node-driver-registrar": helper,
          "liveness-probe": helper,
        },
      },
    },
  };
}
