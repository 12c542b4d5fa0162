import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { Cidr } from "../config/addresses.ts";
import type { CloudName } from "../config/regions.ts";
import type { CloudPool } from "../config/sections/pools.ts";
import { zoneRangeOf } from "./clouds/aws-zones.ts";
import { placeOf } from "./clouds/place.ts";
import type { NodeSettings } from "./cluster-node.ts";

/** A private network, one for each place in which the cluster has servers. */
export interface PrivateNetwork {
  readonly cloud: CloudName;
  /** How far the network reaches: a region, at Hetzner a network zone with several locations. */
  readonly place: string;
  readonly cidr: Cidr;
}

/** Of a /16 there are 128 networks with 507 addresses for nodes each; of a smaller range at least eight networks. */
const usualPrefix = 23;
const fewestBits = 3;

/**
 * The private networks of the cluster. The range of each follows from the hash of its cloud and place, so it is the same whatever
 * else there is; when two have the same hash, the later one in alphabetical order takes the next free range, and moves when
 * the earlier one goes. Of a /16, that is met in one of 128 clusters with two places.
 *
 * @throws RangeError when there are more places than ranges
 */
export function planNetworks({ cluster, pools, network }: NodeSettings): PrivateNetwork[] {
  if (cluster.kind !== "k3s") return [];
  const servers = pools.filter((pool) => pool.cloud !== "on-prem");
  const byName = new Map(servers.map((pool) => [nameOf(pool), pool]));
  const parts = mostNetworks(network.privateCidr);
  const taken = new Set<number>();
  return [...byName]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, pool]) => {
      const part = freePart(name, parts, taken);
      if (part === undefined) throw new RangeError(`${network.privateCidr} has no range left for ${name}.`);
      taken.add(part);
      return { cloud: pool.cloud, place: placeOf(pool), cidr: partOf(network.privateCidr, part) };
    });
}

/** The network of a pool's servers. */
export function networkOf(networks: readonly PrivateNetwork[], pool: CloudPool): PrivateNetwork {
  const network = networks.find(({ cloud, place }) => cloud === pool.cloud && place === placeOf(pool));
  if (!network) throw new RangeError(`No private network is planned for the pool "${pool.name}".`);
  return network;
}

/** The range from which a node's private address is: its network's, at AWS the part of it that its zone has. */
export function privateRange(networks: readonly PrivateNetwork[], pool: CloudPool, node: string): Cidr {
  const { cidr } = networkOf(networks, pool);
  return pool.cloud === "aws" ? zoneRangeOf(cidr, node) : cidr;
}

/** How many places `network.privateCidr` has networks for. */
export function mostNetworks(privateCidr: Cidr): number {
  return 2 ** networkBits(privateCidr);
}

/** Length of a range's prefix. */
export function prefixLength(range: Cidr): number {
  return Number(range.slice(range.indexOf("/") + 1));
}

function nameOf(pool: CloudPool): string {
  return `${pool.cloud}/${placeOf(pool)}`;
}

function freePart(name: string, parts: number, taken: ReadonlySet<number>): number | undefined {
  const wish = createHash("sha256").update(name).digest().readUInt32BE(0) % parts;
  return Array.from({ length: parts }, (_, step) => (wish + step) % parts).find((part) => !taken.has(part));
}

function networkBits(range: Cidr): number {
  const length = prefixLength(range);
  return Math.min(Math.max(usualPrefix - length, fewestBits), 32 - length);
}

/** One of the equal parts of a range, as wide as a network. */
function partOf(range: Cidr, index: number): Cidr {
  const [first, length] = ipaddr.IPv4.parseCIDR(range);
  const prefix = length + networkBits(range);
  const start = first.toByteArray().reduce((sum, octet) => sum * 256 + octet, 0);
  const from = start + index * 2 ** (32 - prefix);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(from / 2 ** shift) % 256).join(".")}/${prefix}`;
}
