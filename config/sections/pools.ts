import { z } from "zod";

import { labelSchema } from "../names.ts";
import { publicAddressSchema } from "../public-address.ts";
import { labelsSchema, taintSchema } from "../node-marks.ts";
import { parseQuantity, quantitySchema } from "../quantities.ts";
import type { CloudName } from "../regions.ts";
import { clouds, regions } from "../regions.ts";
import { nodeSizeSchema } from "./cluster.ts";

/** What the nodes of a pool are for: `control-plane` runs etcd and the API, `sensor` marks devices that measure. */
export const roles = ["control-plane", "worker", "sensor"] as const;
/** What the nodes of a pool are for. */
export type Role = (typeof roles)[number];
/** Processor architecture, as container images name it. */
export type Architecture = "amd64" | "arm64";

const arch = z.enum(["amd64", "arm64"]);

const size = z.strictObject({
  ...nodeSizeSchema,
  monthly: z
    .number()
    .min(0)
    .optional()
    .describe("the monthly price of each node in the currency of the cloud's prices, for example 7.5"),
});

const common = {
  name: labelSchema.describe("the pool's name, a DNS label; its nodes are called <name>-1, <name>-2 …"),
  role: z
    .enum(roles)
    .default("worker")
    .describe("the role of the pool's nodes: control-plane, worker or sensor"),
  taints: z
    .array(taintSchema.describe("a taint such as dedicated=pi:NoSchedule"))
    .default([])
    .describe("a list of taints such as dedicated=pi:NoSchedule"),
  labels: labelsSchema.default({}).describe("a map of node labels"),
  ingress: z
    .boolean()
    .optional()
    .describe("true when public traffic enters the cluster on these nodes, or false"),
  gpu: z.enum(["nvidia"]).optional().describe("the maker of the nodes' GPU: nvidia"),
  /**
   * A data disk, which outlives its server: the one that takes its place gets it with all that is on it. Where volumes for pods are
   * those of `local-path` or `longhorn`, the node formats it, unless it holds something, and mounts it where these keep theirs; else it is left
   * raw, for Rook Ceph (`disks: { kind: devices }`). Only some clouds have it: see the checks.
   */
  volume: quantitySchema
    .optional()
    .describe(
      "the size of a data disk for each node, for example 100Gi: for the volumes of local-path or longhorn, or raw for rook-ceph",
    ),
};

/** Servers that are ordered from a cloud. */
function cloudPool<Cloud extends CloudName>(cloud: Cloud) {
  const { title, place, exampleType } = clouds[cloud];
  return z.strictObject({
    cloud: z.literal(cloud),
    ...common,
    region: z
      .enum(regions[cloud], {
        error: ({ input }) =>
          typeof input === "string" ? `is not ${title === "AWS" ? "an" : "a"} ${title} ${place}.` : undefined,
      })
      .describe(`the ${place} of ${title} where the servers are`),
    type: z.string().min(1).describe(`a server type of ${title}, for example ${exampleType}`),
    count: z.int().min(1).max(100).default(1).describe("the number of nodes, from 1 to 100"),
    arch: arch
      .optional()
      .describe("the processor architecture, amd64 or arm64, when it does not follow from the type"),
    size: size
      .optional()
      .describe("a map with cpu, memory and disk of a server type that the program does not know"),
    replace: z
      .array(z.string().describe("the name of a node"))
      .default([])
      .describe("a list of nodes to replace, by name"),
  });
}

/** Servers of AWS, which also sells what it has left, and takes it back when it needs it. */
const awsPool = cloudPool("aws").extend({
  spot: z.boolean().optional().describe("true for spot instances, or false"),
});

/** Machines of one's own: declared, labelled and waited for, but not created. */
const onPremPool = z.strictObject({
  cloud: z.literal("on-prem"),
  ...common,
  region: labelSchema.describe("a name for the place where the machines stand, a DNS label such as lab"),
  hosts: z
    .array(labelSchema.describe("the name of a machine, a DNS label; the node has the same name"))
    .min(1)
    .describe("a list of the machines' names; each node has the name of its machine"),
  arch: arch.default("amd64").describe("the processor architecture, amd64 or arm64"),
  size: size.describe("a map with cpu, memory and disk of each machine, which the program cannot look up"),
  behind: z
    .string()
    .optional()
    .describe("the on-prem machine that the site's router forwards WireGuard's port to"),
  /**
   * Where the machines' traffic comes from, and the fixed address at which the site's router forwards WireGuard. The firewalls let it in at the
   * API, and the gateway gets its DNS record from it. Without it the machines must come from `uap:access.operatorCidrs`, and the gateway's
   * record is kept by somebody else, such as the site's dynamic DNS client.
   */
  publicAddress: publicAddressSchema
    .optional()
    .describe("the public IPv4 address of the machines' site, such as 198.51.100.7"),
});

/** An entry of the section `uap:pools`. */
export const poolSchema = z.discriminatedUnion("cloud", [
  cloudPool("hetzner"),
  cloudPool("digitalocean"),
  awsPool,
  cloudPool("vultr"),
  cloudPool("linode"),
  cloudPool("scaleway"),
  onPremPool,
]);

/** An entry of the section as it was read, before defaults that depend on other pools. */
export type PoolInput = z.output<typeof poolSchema>;
/** A group of equal nodes; `cloud` tells the kinds apart. */
export type Pool = PoolInput & { readonly ingress: boolean };
/** A pool of servers that are ordered from a cloud. */
export type CloudPool = Exclude<Pool, { readonly cloud: "on-prem" }>;
/** A pool of machines of one's own. */
export type OnPremPool = Extract<Pool, { readonly cloud: "on-prem" }>;

/** The names of a pool's nodes: `<pool>-1`, `<pool>-2` …; on-premises, the machines' own. */
export function nodeNames(pool: PoolInput): readonly string[] {
  return pool.cloud === "on-prem"
    ? pool.hosts
    : Array.from({ length: pool.count }, (_, index) => `${pool.name}-${index + 1}`);
}

/** The number of a server in its pool, from 1 on: 2 for `worker-2`. */
export function nodeNumber({ name }: Pick<PoolInput, "name">, node: string): number {
  return Number(node.slice(name.length + 1));
}

/** GiB of the data disk that each node of the pool has: clouds sell whole ones. */
export function volumeSize({ volume }: Pick<PoolInput, "volume">): number | undefined {
  return volume === undefined ? undefined : Math.ceil(parseQuantity(volume) / 2 ** 30);
}

/** Whether the pool's servers are AWS' to take back. */
export function isSpot(pool: PoolInput): boolean {
  return pool.cloud === "aws" && pool.spot === true;
}
