import type { Size } from "../../../config/systems.ts";
import type { Rendering } from "../../charts/rendering.ts";
import { controllerReplicas, driverResources as driver, helperResources as helper } from "./resources.ts";

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

/** What the values make of the chart. */
export function hcloudCsiRendering(size: Size): Rendering<"hcloud-csi"> {
  return {
    workloads: {
      "Deployment/hcloud-csi-controller": {
        replicas: controllerReplicas(size),
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
