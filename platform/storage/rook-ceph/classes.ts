import { driverNames } from "./values.ts";

/** Names of the pools, of the file system and of the object store. */
export const cephNames = {
  cluster: "rook-ceph",
  blockPool: "replicapool",
  filesystem: "rook-ceph-clusterfs",
  objectStore: "objects",
} as const;

/** A storage class of Ceph's. */
export interface CephClass {
  readonly name: string;
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly isExpandable: boolean;
}

/** The namespace's name is Ceph's name of the cluster. */
const namespace = "rook-ceph";

/** Volumes for one pod each. */
export const blockClass: CephClass = {
  name: "rook-ceph-block",
  provisioner: driverNames.rbd,
  isExpandable: true,
  parameters: {
    clusterID: namespace,
    pool: cephNames.blockPool,
    imageFormat: "2",
    imageFeatures: "layering",
    "csi.storage.k8s.io/fstype": "xfs",
    ...secrets("rbd"),
  },
};

/** Volumes for many pods. */
export const sharedClass: CephClass = {
  name: "rook-ceph-clusterfs",
  provisioner: driverNames.cephfs,
  isExpandable: true,
  parameters: {
    clusterID: namespace,
    fsName: cephNames.filesystem,
    pool: `${cephNames.filesystem}-replicated`,
    ...secrets("cephfs"),
  },
};

/** Buckets, for claims of them: `ObjectBucketClaim`. */
export const bucketClass: CephClass = {
  name: "rook-ceph-bucket",
  provisioner: "rook-ceph.ceph.rook.io/bucket",
  isExpandable: false,
  parameters: { objectStoreName: cephNames.objectStore, objectStoreNamespace: namespace },
};

/** The Secrets that Rook makes for a driver, for all that it does. */
function secrets(driver: keyof typeof driverNames): Record<string, string> {
  const controller = `rook-csi-${driver}-provisioner`;
  const uses = {
    provisioner: controller,
    "controller-expand": controller,
    "controller-publish": controller,
    "node-stage": `rook-csi-${driver}-node`,
  };
  return Object.fromEntries(
    Object.entries(uses).flatMap(([use, secret]) => [
      [`csi.storage.k8s.io/${use}-secret-name`, secret],
      [`csi.storage.k8s.io/${use}-secret-namespace`, namespace],
    ]),
  );
}
