import { z } from "zod";

import { domainSchema } from "../names.ts";

/**
 * What a system asks of the volumes it stores on: `block`, for one pod at a time, which survives the loss of a node where the cluster can;
 * `shared`, for many pods on many nodes; `local`, on the node's own disk, fast and lost with it.
 */
export const storageRoles = ["block", "shared", "local"] as const;
export type StorageRole = (typeof storageRoles)[number];

/** The section `uap:storage`: which storage class plays each role. */
export const storageSchema = z.strictObject({
  block: domainSchema
    .optional()
    .describe("the storage class of volumes for one pod, for example rook-ceph-block"),
  shared: domainSchema
    .optional()
    .describe("the storage class of volumes for many pods, for example rook-ceph-clusterfs"),
  local: domainSchema
    .optional()
    .describe("the storage class of volumes on a node's own disk, for example local-path"),
  others: z
    .array(domainSchema)
    .default([])
    .describe("a list of storage classes that the cluster has and no system of this stack provides"),
});

/** The section as it was read, before the defaults that follow from the systems. */
export type Storage = z.output<typeof storageSchema>;
