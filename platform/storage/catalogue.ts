import { planned, type CatalogueRows } from "../catalogue-row.ts";

/** The systems of the storage layer, in the order in which they are deployed. */
export const storageRows = {
  "cloud-volumes": planned("storage", "Volumes of the cloud (CSI)"),
  "local-path": planned("storage", "Volumes on the nodes' own disks"),
  "rook-ceph": planned("storage", "Rook Ceph"),
  longhorn: planned("storage", "Longhorn"),
  nfs: planned("storage", "NFS volumes"),
  "object-store": planned("storage", "SeaweedFS"),
  "object-events": planned("storage", "Object events"),
} as const satisfies CatalogueRows;
