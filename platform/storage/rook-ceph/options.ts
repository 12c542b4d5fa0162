import { z } from "zod";
import { text } from "../../../config/complaint.ts";
import { domainSchema } from "../../../config/names.ts";
import { quantitySchema } from "../../../config/quantities.ts";
import { systemOptions } from "../../../config/systems.ts";

const devicePattern = text((pattern) => {
  try {
    new RegExp(pattern);
    return undefined;
  } catch {
    return { reason: "is not a regular expression.", fix: "Write it like ^sd[b-z]$." };
  }
});

const disks = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("files").describe("a file on each node's own disk"),
    size: quantitySchema.optional().describe("the size of the file on each node, for example 40Gi"),
  }),
  z.strictObject({
    kind: z.literal("devices").describe("disks of the nodes that are empty and raw"),
    pattern: devicePattern.describe(
      "a regular expression of the disks' names, for example ^sd[b-z]$, or of their paths, for example ^/dev/disk/by-id/scsi-0HC_Volume_",
    ),
  }),
  z.strictObject({
    kind: z.literal("volumes").describe("volumes of another storage class that has raw ones"),
    class: domainSchema.describe("a storage class with raw block volumes, for example hcloud-volumes"),
    size: quantitySchema.default("40Gi").describe("the size of each volume, for example 40Gi"),
    count: z.int().min(1).max(100).default(3).describe("the number of volumes, for example 3"),
  }),
]);

/** `uap:platform.systems.rook-ceph`. */
export const rookCephOptions = systemOptions({
  /**
   * What Ceph stores on: `files`, one on every node's own disk, for clusters without further disks; `devices`, every raw and empty disk
   * of every node whose name matches `pattern`, or one of whose paths does when it has a slash, such as the `volume` of a pool
   * (`^/dev/disk/by-id/scsi-0HC_Volume_` at Hetzner, `scsi-0DO_Volume_` at DigitalOcean, `nvme-Amazon_Elastic_Block_Store_` at AWS); or
   * `volumes` of another class. k3s' local-path has no raw volumes. A single copy is kept on one node, two on two, three on more: with two
   * or more, nothing counts as written before two have it. @default files of a third of the smallest disk, whose space is taken at once;
   * they keep the size that they were made with
   */
  disks: disks
    .default({ kind: "files" })
    .describe("a map that says what Ceph stores on: kind files, devices or volumes"),
  /** Serve S3 from Ceph too, and make the class `rook-ceph-bucket` for claims of buckets. @default false */
  objectStore: z.boolean().default(false).describe("true to serve S3 from Ceph too"),
  /** A pod with Ceph's commands, `rook-ceph-tools`. It has the key of Ceph's administrator. @default true */
  toolbox: z
    .boolean()
    .default(true)
    .describe("false to do without the pod with Ceph's commands, rook-ceph-tools"),
  /**
   * Prepares the end: Ceph stops being looked after, and at the destroy all its data are deleted without waiting for volumes that are
   * left, from the nodes too: without it, the next Ceph on these nodes would find the old one's. The files of `files` stay, empty, in
   * `/var/lib/uap/ceph`. Set it, update the stack, then destroy it. @default false: a destroy waits as long as there are volumes
   */
  teardown: z
    .boolean()
    .default(false)
    .describe("true to delete all volumes with their data when the stack is destroyed"),
});

export type RookCephOptions = z.output<typeof rookCephOptions>;
export type CephDisks = RookCephOptions["disks"];
