import type { KubernetesClient } from "../client.ts";
import type { KubernetesList, KubernetesObject } from "../objects.ts";
import type { Volume } from "./volumes.ts";

/** The fields of a CephCluster that matter here. */
interface CephCluster extends KubernetesObject {
  readonly spec?: { readonly cleanupPolicy?: { readonly allowUninstallWithVolumes?: boolean } };
}

/** Where Rook's clusters are, once its chart has defined them. */
export const cephClusters = "/apis/ceph.rook.io/v1/cephclusters";

/** As Rook's own. */
const finalizer = "cephcluster.ceph.rook.io";

/** What the drivers' names end in. */
const drivers = [".rbd.csi.ceph.com", ".cephfs.csi.ceph.com"];

/**
 * Holds a Ceph cluster as Rook does: it does not go while its drivers have a volume, unless it was told to.
 *
 * @throws Error while it is held, so that it is looked at again
 */
export async function holdCephCluster(client: KubernetesClient, cluster: CephCluster): Promise<void> {
  const { deletionTimestamp, finalizers = [], name, namespace = "default" } = cluster.metadata;
  const isHeld = finalizers.includes(finalizer);
  const set = (wanted: readonly string[]) =>
    client.request("PATCH", `/apis/ceph.rook.io/v1/namespaces/${namespace}/cephclusters/${name}`, {
      contentType: "application/merge-patch+json",
      body: { metadata: { finalizers: wanted } },
    });
  if (deletionTimestamp === undefined) {
    if (!isHeld) await set([...finalizers, finalizer]);
    return;
  }
  if (!isHeld) return;
  const mayGo = cluster.spec?.cleanupPolicy?.allowUninstallWithVolumes === true;
  if (!mayGo && (await hasVolumes(client))) throw new Error(`${name} still has volumes.`);
  await set(finalizers.filter((other) => other !== finalizer));
}

async function hasVolumes(client: KubernetesClient): Promise<boolean> {
  const { items } = (await client.request("GET", "/api/v1/persistentvolumes")) as KubernetesList<Volume>;
  return items.some(({ metadata }) => {
    const driver = metadata.annotations?.["pv.kubernetes.io/provisioned-by"];
    return driver !== undefined && drivers.some((end) => driver.endsWith(end));
  });
}
