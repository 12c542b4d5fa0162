import * as pulumi from "@pulumi/pulumi";
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

/** @throws pulumi.RunError when a node has no room for the file that Ceph is to store on */
export function requireRoomForCeph(configuration: PlatformConfiguration): void {
  const disks = configuration.platform.systems["rook-ceph"]?.disks;
  if (disks?.kind !== "files" || disks.size === undefined) return;
  const asked = parseQuantity(disks.size);
  const full = openNodes(configuration).filter(({ disk }) => asked > disk * largestPart);
  if (full.length === 0) return;
  const rooms = full.map(({ disk, name }) => `${name} (${Math.floor(disk / gibibyte)}Gi)`).join(", ");
  throw new pulumi.RunError(
    `Ceph is to store on a file of ${disks.size} on every node, and the disk of ${rooms} has no room for it. Write a smaller \`disks.size\` under uap:platform.systems.rook-ceph, or leave it out.`,
  );
}
