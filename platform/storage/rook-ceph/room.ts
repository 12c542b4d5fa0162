import type { Check } from "../../../config/checks/check.ts";
import { formatQuantity, parseQuantity, type Quantity } from "../../../config/quantities.ts";
import type { NodeSize } from "../../../infra/sizing/fit.ts";
import type { PlatformConfiguration } from "../../layer.ts";
import { openNodes } from "../open-nodes.ts";

/** Ceph's part of a disk, unless the stack says otherwise: images, logs and volumes of local-path share the rest. */
const usualPart = 1 / 3;
/** The kubelet evicts pods from 85 % on. */
const largestPart = 0.8;

const gibibyte = 2 ** 30;

/** Size of the file that Ceph stores on, on each node: as asked for, else a third of the smallest disk. */
export function fileSizeOn(asked: Quantity | undefined, nodes: readonly NodeSize[]): Quantity {
  if (asked !== undefined) return asked;
  const smallest = Math.min(...nodes.map(({ disk }) => disk));
  return formatQuantity(Math.max(1, Math.floor((smallest * usualPart) / gibibyte)) * gibibyte);
}

/** That every node has room for the file that Ceph is to store on. */
export const roomForCephCheck: Check<PlatformConfiguration> = {
  reads: ["cluster.kind", "cluster.network", "cluster.nodes", "network", "platform", "pools"],
  find(configuration) {
    const disks = configuration.platform.systems["rook-ceph"]?.disks;
    if (disks?.kind !== "files" || disks.size === undefined) return [];
    const asked = parseQuantity(disks.size);
    const full = openNodes(configuration).filter(({ disk }) => asked > disk * largestPart);
    if (full.length === 0) return [];
    const rooms = full.map(({ disk, name }) => `${name} (${Math.floor(disk / gibibyte)}Gi)`).join(", ");
    return [
      {
        path: ["platform", "systems", "rook-ceph", "disks", "size"],
        value: disks.size,
        reason: `is too big for a file on every node: it would fill more than ${largestPart * 100} % of the disk of ${rooms}.`,
        fix: "Write a smaller size, or leave it out.",
      },
    ];
  },
};
