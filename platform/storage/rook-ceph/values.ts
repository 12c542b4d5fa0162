import type { ChartValues } from "../../kit/chart.ts";
import { controllersOf, type CephShape } from "./rendering.ts";
import { drivers, operators } from "./resources.ts";

/** Names that the drivers and the classes must agree on: Rook puts the operator's namespace first. */
export const driverNames = {
  rbd: "rook-ceph.rbd.csi.ceph.com",
  cephfs: "rook-ceph.cephfs.csi.ceph.com",
} as const;

/** Values of the chart `rook-ceph`: Rook's operator, and that of the CSI drivers. */
export function rookCephValues({ options }: Pick<CephShape, "options">): ChartValues {
  return {
    image: { pullPolicy: "IfNotPresent" },
    resources: { ...operators.rook },
    currentNamespaceOnly: true,
    allowLoopDevices: options.disks.kind === "files",
    // Claims of buckets stand beside the programs that use them.
    ...(options.objectStore && { enableOBCWatchOperatorNamespace: false }),
    "ceph-csi-operator": { controllerManager: { manager: { resources: { ...operators.csi } } } },
  };
}

/**
 * Values of the chart `ceph-csi-drivers`: the drivers that the classes name. What they may use stands in a configuration of ours, since the
 * chart has no values for it. Snapshots would need definitions that no chart here brings.
 */
export function driversValues(): ChartValues {
  const driver = { log: { rotation: { enabled: false } }, snapshotPolicy: "none" } as const;
  return {
    operatorConfig: { create: false },
    drivers: {
      rbd: { ...driver, enabled: true, name: driverNames.rbd },
      cephfs: { ...driver, enabled: true, name: driverNames.cephfs },
      nfs: { enabled: false },
      nvmeof: { enabled: false },
    },
  };
}

/** The fields of an `OperatorConfig` that are set here. */
export interface DriverDefaults {
  readonly driverSpecDefaults: {
    readonly imageSet: { readonly name: string };
    readonly snapshotPolicy: "none";
    readonly nodePlugin: {
      readonly priorityClassName: string;
      readonly resources: Readonly<Record<string, object>>;
    };
    readonly controllerPlugin: {
      readonly priorityClassName: string;
      readonly replicas: number;
      readonly resources: Readonly<Record<string, object>>;
    };
  };
}

/** What all CSI drivers have in common; the ConfigMap of images is the chart's. */
export function driverDefaults({ size }: Pick<CephShape, "size">): DriverDefaults {
  const { plugin, sidecar } = drivers;
  return {
    driverSpecDefaults: {
      imageSet: { name: "rook-csi-operator-image-set-configmap" },
      snapshotPolicy: "none",
      nodePlugin: {
        priorityClassName: "system-node-critical",
        resources: { plugin, registrar: sidecar },
      },
      controllerPlugin: {
        priorityClassName: "system-cluster-critical",
        replicas: controllersOf(size),
        resources: { plugin, attacher: sidecar, provisioner: sidecar, resizer: sidecar },
      },
    },
  };
}
