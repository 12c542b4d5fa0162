import type { Size } from "../../../config/systems.ts";
import type { Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** The chart's own requests, with a limit for the processor too. */
const sidecar = {
  requests: { cpu: "10m", memory: "20Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
} as const satisfies Resources;

/** The driver itself, which mounts: copies of snapshots and `rm -r` take more than mounting does. */
const driver = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/** What the containers may use, by the chart's values. */
export const nfsResources = { sidecar, driver } as const;

/** Pods of the controller; one leads, the others stand by. */
export function nfsReplicas(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** What the values make of the chart `csi-driver-nfs`. */
export function nfsRendering(size: Size): Rendering<"csi-driver-nfs"> {
  return {
    workloads: {
      "DaemonSet/csi-nfs-node": {
        containers: { "liveness-probe": sidecar, "node-driver-registrar": sidecar, nfs: driver },
      },
      "Deployment/csi-nfs-controller": {
        replicas: nfsReplicas(size),
        containers: {
          "csi-provisioner": sidecar,
          "csi-resizer": sidecar,
          "csi-snapshotter": sidecar,
          "liveness-probe": sidecar,
          nfs: driver,
        },
      },
    },
  };
}
