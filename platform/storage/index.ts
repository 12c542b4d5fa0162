import { catalogue } from "../catalogue.ts";
import type { Cluster } from "../../infra/cluster.ts";
import type { Foundation } from "../cluster/index.ts";
import { deployedSystems, hostOf, type Deployed, type PlatformConfiguration } from "../layer.ts";
import { deployCloudVolumes } from "./cloud-volumes/wiring.ts";
import { copiesOf } from "./longhorn/values.ts";
import { Longhorn } from "./longhorn/longhorn.ts";
import { Nfs } from "./nfs/nfs.ts";
import { deployObjectStore } from "./object-store/wiring.ts";
import type { ObjectStore } from "./object-store/object-store.ts";
import { openNodes } from "./open-nodes.ts";
import type { PageSettings } from "./page.ts";
import { releaseVolumes } from "./release/index.ts";
import { StorageRoles, type MadeClasses } from "./roles.ts";
import { RookCeph } from "./rook-ceph/rook-ceph.ts";

/** What the storage layer gives to the layers above. */
export interface Storage {
  /** Who tells systems the classes of their volumes, by role. */
  readonly roles: StorageRoles;
  /** Where systems keep objects: `grant` gives them their keys. */
  readonly objectStore: ObjectStore | undefined;
  readonly deployed: readonly Deployed[];
}

/**
 * Deploys what keeps the data of all systems above: volumes, and the classes that systems claim them by.
 *
 * @param kubeconfig the way in for an administrator; secret
 */
export function deployStorageLayer(
  configuration: PlatformConfiguration,
  foundation: Foundation,
  kubeconfig: Cluster["kubeconfig"],
): Storage {
  const cloudVolumes = deployCloudVolumes(configuration, foundation);
  const rookCeph = deployRookCeph(configuration, foundation);
  const longhorn = deployLonghorn(configuration, foundation);
  const nfs = deployNfs(configuration, foundation);
  const made: MadeClasses = {
    ...(cloudVolumes && { [cloudVolumes.className]: cloudVolumes.storageClass }),
    ...(rookCeph && {
      "rook-ceph-block": rookCeph.storageClasses.block,
      "rook-ceph-clusterfs": rookCeph.storageClasses.shared,
    }),
    ...(longhorn && { longhorn: longhorn.storageClass }),
    ...(nfs && { nfs: nfs.storageClass }),
  };
  const released = Object.fromEntries(
    Object.entries(made).map(([name, storageClass]) => [
      name,
      releaseVolumes(name, { storageClass, kubeconfig }),
    ]),
  );
  const roles = new StorageRoles(configuration.storage, released, configuration.cluster.kind === "existing");
  const objectStore = deployObjectStore(configuration, foundation, roles);
  return {
    roles,
    objectStore,
    deployed: deployedSystems({
      "cloud-volumes": cloudVolumes,
      "rook-ceph": rookCeph,
      longhorn,
      nfs,
      "object-store": objectStore,
    }),
  };
}

function deployRookCeph(configuration: PlatformConfiguration, foundation: Foundation): RookCeph | undefined {
  const options = configuration.platform.systems["rook-ceph"];
  const { namespace, service } = catalogue["rook-ceph"];
  return (
    options &&
    new RookCeph({
      place: foundation.place(namespace),
      options,
      nodes: openNodes(configuration),
      page: pageOf(configuration, foundation, service),
      isProtected: configuration.protect,
      monitoring: foundation.monitoring,
    })
  );
}

function deployLonghorn(configuration: PlatformConfiguration, foundation: Foundation): Longhorn | undefined {
  const options = configuration.platform.systems.longhorn;
  const { namespace, service } = catalogue.longhorn;
  if (!options) return undefined;
  const { backup, cluster } = configuration;
  const { replicas, size, teardown } = options;
  return new Longhorn({
    place: foundation.place(namespace),
    settings: { size, teardown, copies: copiesOf(replicas, openNodes(configuration).length) },
    kept: options,
    backupTarget: backup.s3 && { store: backup.s3, cluster: cluster.name },
    page: pageOf(configuration, foundation, service),
    isProtected: configuration.protect,
    monitoring: foundation.monitoring,
  });
}

function deployNfs(configuration: PlatformConfiguration, foundation: Foundation): Nfs | undefined {
  const options = configuration.platform.systems.nfs;
  return (
    options &&
    new Nfs({
      place: foundation.place(catalogue.nfs.namespace),
      size: options.size,
      server: options.server,
      share: options.share,
      isProtected: configuration.protect,
    })
  );
}

function pageOf(configuration: PlatformConfiguration, foundation: Foundation, service: string): PageSettings {
  const { ingress, ingressController } = foundation;
  return { host: hostOf(configuration, service), ingress, ingressController };
}
