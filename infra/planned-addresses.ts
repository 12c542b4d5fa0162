import { createHash } from "node:crypto";
import type { Cidr } from "../config/addresses.ts";
import { addressAt, partOf, sizeOf } from "../config/ipv4-ranges.ts";
import { mostControlPlanes } from "../config/checks/control-planes.ts";
import type { CloudName } from "../config/regions.ts";
import type { CloudPool } from "../config/sections/pools.ts";
import { nodeNames, nodeNumber } from "../config/sections/pools.ts";
import { zoneIndex, zoneRanges } from "./clouds/aws-zones.ts";
import { takesPlannedAddresses } from "./clouds/private-addresses.ts";
import type { NodeSettings } from "./cluster-node.ts";
import { isIn, planNetworks, type PrivateNetwork } from "./private-networks.ts";

/** Addresses that clouds keep for themselves at the ends of a network: AWS the first four, Linode the last two, the others fewer. */
const keptAtStart = 4;
const keptAtEnd = 2;

/** Addresses of a pool's block: as many as there can be control planes, so that none moves when the pool grows. */
const blockSize = mostControlPlanes;

/**
 * Private addresses of control planes by node, at clouds that take planned ones: control planes find each other by them, while the clouds choose the
 * addresses of all other servers.
 *
 * They are in the upper half of the network, which clouds that hand out addresses from below reach last. It is split into blocks: a pool has
 * the block of its name's hash, whatever its size and whatever other pools there are. When two pools have the same, the later
 * one in alphabetical order takes the next free block. Servers that exist keep their addresses all the same, since clouds are told
 * them at the creation alone; an address that somebody has is refused by the cloud.
 */
export function planAddresses(settings: NodeSettings): ReadonlyMap<string, string> {
  return new Map(
    planNetworks(settings)
      .filter(({ cloud }) => takesPlannedAddresses(cloud))
      .flatMap((network) => addressesIn(network, plannedPools(network, settings))),
  );
}

/** The pools of control planes in a network, in alphabetical order. */
export function plannedPools(
  network: Pick<PrivateNetwork, "cloud" | "place">,
  { pools }: NodeSettings,
): CloudPool[] {
  return pools
    .filter((pool): pool is CloudPool => pool.cloud !== "on-prem" && isIn(network, pool))
    .filter(({ role }) => role === "control-plane")
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function addressesIn({ cloud, cidr }: PrivateNetwork, pools: readonly CloudPool[]): [string, string][] {
  const taken = new Set<number>();
  return pools.flatMap((pool) => {
    const block = freeBlock(pool.name, mostPlannedPools(cloud, cidr), taken);
    taken.add(block);
    return nodeNames(pool).map((name): [string, string] => {
      const number = nodeNumber(pool, name);
      const range = plannedRange(rangeOf(cloud, cidr, number));
      return [name, addressAt(range, block * blockSize + (number - 1))];
    });
  });
}

/** @throws RangeError when all blocks are taken; whether there are enough is checked before */
function freeBlock(name: string, blocks: number, taken: ReadonlySet<number>): number {
  const wish = createHash("sha256").update(name).digest().readUInt32BE(0) % Math.max(1, blocks);
  const free = Array.from({ length: blocks }, (_, step) => (wish + step) % blocks).find(
    (block) => !taken.has(block),
  );
  if (free === undefined) throw new RangeError(`No private addresses are left for the pool "${name}".`);
  return free;
}

/** The range of which a server has its address: its network's, at AWS the part of it that its zone has. @param number the server's in its pool */
export function rangeOf(cloud: CloudName, cidr: Cidr, number: number): Cidr {
  return cloud === "aws" ? (zoneRanges(cidr)[zoneIndex(number - 1)] ?? cidr) : cidr;
}

/** The upper half of a range, for planned addresses. */
export function plannedRange(range: Cidr): Cidr {
  return partOf(range, 1, 1);
}

/** How many pools of control planes a network has addresses for, at a cloud that takes planned ones. */
export function mostPlannedPools(cloud: CloudName, cidr: Cidr): number {
  return Math.max(0, Math.floor((sizeOf(plannedRange(rangeOf(cloud, cidr, 1))) - keptAtEnd) / blockSize));
}

/** How many servers of a range may have addresses that the cloud chooses: those of the lower half where it takes planned ones too. */
export function mostChosenAddresses(cloud: CloudName, range: Cidr): number {
  const kept = keptAtStart + keptAtEnd;
  return Math.max(0, takesPlannedAddresses(cloud) ? sizeOf(range) / 2 - keptAtStart : sizeOf(range) - kept);
}
