import { hostname } from "../../config/hostnames.ts";
import type { Configuration } from "../../config/index.ts";
import type { Backup } from "../../config/sections/backup.ts";
import type { K3sCluster } from "../../config/sections/cluster.ts";
import type { ClusterBootstrap, SnapshotStore } from "./node-bootstrap.ts";

/** What the bootstrap follows from. */
export type BootstrapSettings = Pick<Configuration, "domain" | "backup"> & {
  readonly cluster: K3sCluster;
};

/** The host that leads to every control plane. */
export function apiHostOf({ cluster, domain }: Pick<BootstrapSettings, "cluster" | "domain">): string {
  return hostname({ service: "api", cluster: cluster.name, domain });
}

/**
 * What the nodes are told of their cluster. It reveals the keys of the snapshots' store, so it is to be treated as secret.
 *
 * @param planned what follows from more than the settings: how the nodes find the control planes, their private network's range
 */
export function clusterBootstrap(
  settings: BootstrapSettings,
  planned: Pick<
    ClusterBootstrap,
    "controlPlanes" | "privateCidr" | "disabled" | "packages" | "volumeFolder" | "cloudController"
  >,
): ClusterBootstrap {
  const { cluster, backup } = settings;
  return {
    name: cluster.name,
    apiHost: apiHostOf(settings),
    version: cluster.version,
    network: cluster.network,
    podCidr: cluster.podCidr,
    serviceCidr: cluster.serviceCidr,
    snapshots: {
      schedule: backup.etcd.schedule,
      retention: backup.etcd.retention,
      ...(backup.s3 && { store: snapshotStore(cluster.name, backup.s3) }),
    },
    ...planned,
  };
}

/** k3s wants host and port, and the scheme as a switch. */
function snapshotStore(cluster: string, store: NonNullable<Backup["s3"]>): SnapshotStore {
  const { host, protocol } = new URL(store.endpoint);
  return {
    endpoint: host,
    insecure: protocol === "http:",
    bucket: store.bucket,
    region: store.region,
    folder: store.folder ?? cluster,
    accessKey: store.accessKey.reveal(),
    secretKey: store.secretKey.reveal(),
  };
}
