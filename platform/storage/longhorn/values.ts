import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../../config/systems.ts";
import type { ChartValues } from "../../kit/chart.ts";
import { componentResources, instanceManagerCpu, longhornReplicas, longhornResources } from "./rendering.ts";

/** More copies than this protect from little that happens. */
const mostCopies = 3;

export interface LonghornSettings {
  readonly size: Size;
  /** Copies of each volume. */
  readonly copies: number;
  readonly teardown: boolean;
}

/** Where Longhorn puts backups, as its values say it. */
export interface BackupStoreValues {
  readonly url: string;
  /** Name of the Secret with the keys. */
  readonly secretName: string | pulumi.Output<string>;
}

/** Copies of a volume: as many as were asked for, else one a node, at most three. */
export function copiesOf(asked: number | undefined, nodes: number): number {
  return asked ?? Math.max(1, Math.min(mostCopies, nodes));
}

/**
 * Values of the chart `longhorn`. The storage class is made beside the chart, so that it is there as soon as the chart is; the chart's
 * network policies would fight with the namespace's own.
 */
export function longhornValues(
  { copies, size, teardown }: LonghornSettings,
  backupStore?: BackupStoreValues,
): ChartValues {
  const replicas = longhornReplicas(size);
  return {
    persistence: { createStorageClass: false, defaultClass: false, defaultClassReplicaCount: copies },
    preUpgradeChecker: { jobEnabled: false },
    networkPolicies: { restrictInternalTraffic: false },
    csi: {
      kubeletRootDir: "/var/lib/kubelet",
      attacherReplicaCount: replicas,
      provisionerReplicaCount: replicas,
      resizerReplicaCount: replicas,
      snapshotterReplicaCount: replicas,
    },
    defaultSettings: {
      defaultReplicaCount: copies,
      deletingConfirmationFlag: teardown,
      guaranteedInstanceManagerCPU: instanceManagerCpu,
      systemManagedCSIComponentsResourceLimits: JSON.stringify(componentResources()),
      systemManagedPodsImagePullPolicy: "if-not-present",
      // Nothing is told to anybody outside.
      upgradeChecker: false,
      allowCollectingLonghornUsageMetrics: false,
    },
    ...(backupStore && {
      defaultBackupStore: {
        backupTarget: backupStore.url,
        backupTargetCredentialSecret: backupStore.secretName,
      },
    }),
    longhornManager: { resources: longhornResources.manager },
    longhornUI: {
      replicas,
      ...(replicas > 1 && { podDisruptionBudget: { enabled: true, minAvailable: 1 } }),
    },
  };
}

/**
 * Parameters of the storage class `longhorn`. The number of copies is not among them: it follows the number of nodes by Longhorn's setting,
 * and the parameters of a class stay what they are.
 */
export const longhornParameters = {
  // Minutes after which a copy that failed is given up.
  staleReplicaTimeout: "30",
  fromBackup: "",
  fsType: "ext4",
  dataLocality: "disabled",
} as const;
