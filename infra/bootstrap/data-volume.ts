import type { StorageClasses } from "../../config/storage-classes.ts";
import type { NodeBootstrap } from "./node-bootstrap.ts";

/** Where systems keep volumes on the nodes' own disks, by their storage class; the others that keep data themselves want raw disks. */
const foldersOfClasses: Readonly<Record<string, string>> = {
  "local-path": "/var/lib/rancher/k3s/storage",
  longhorn: "/var/lib/longhorn",
};

/** Where the nodes' data disks are mounted. @default they are left as they are, for a system such as Rook Ceph */
export function volumeFolderOf({ block }: StorageClasses): string | undefined {
  return block === undefined ? undefined : foldersOfClasses[block];
}

/** Where this node's data disk is mounted; undefined when it has none, or one that is left raw. */
export function mountedFolder({ node, cluster }: NodeBootstrap): string | undefined {
  return node.pool.volume === undefined ? undefined : cluster.volumeFolder;
}

/** Parts of the bootstrap script: what it defines, and the phase that uses it; empty where there is no disk to mount. */
export interface DataVolumeSteps {
  readonly functions: string;
  readonly phase: string;
}

/**
 * How a booting machine finds and mounts its data disk, which is attached a moment after the machine was ordered, and comes with data when the
 * machine takes another one's place. It is known by its label. Only an empty disk is ever formatted, and only on a machine that has no data
 * disk yet: later ones belong to the cluster.
 */
export function dataVolumeSteps(bootstrap: NodeBootstrap): DataVolumeSteps {
  const folder = mountedFolder(bootstrap);
  if (folder === undefined) return { functions: "", phase: "" };
  return { functions: functionsFor(folder), phase: "enter volume\nmount_volume\n" };
}

/** The models are those of the disks that Hetzner, DigitalOcean and AWS attach. To blkid, 2 is a disk with nothing on it. */
function functionsFor(folder: string): string {
  return `find_volume() {
  volume=$(blkid -L ${label}) && return 0
  ! grep -q '^LABEL=${label} ' /etc/fstab || return 1
  for volume in $(lsblk -dnpo NAME,MODEL | awk '/Volume|Elastic Block Store/ { print $1 }'); do
    code=0
    blkid -p "$volume" >/dev/null || code=$?
    [ "$code" != 2 ] || return 0
  done
  return 1
}
mount_volume() {
  attempt 60 5 find_volume ||
    fail 'no data volume within 5 minutes that is empty or has the label ${label}: is it attached?'
  blkid -L ${label} >/dev/null || mkfs.ext4 -q -m 0 -L ${label} "$volume" || fail "$volume cannot be formatted"
  grep -q '^LABEL=${label} ' /etc/fstab ||
    echo 'LABEL=${label} ${folder} ext4 defaults,nofail,x-systemd.growfs 0 2' >>/etc/fstab
  mkdir -p ${folder}
  mountpoint -q ${folder} || mount "$volume" ${folder} || fail "$volume cannot be mounted at ${folder}"
}
`;
}

/** The label of the file system; ext4 takes 16 characters. */
const label = "uap-data";
