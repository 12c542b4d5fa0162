import { contains, rfc1918, type Cidr } from "../config/addresses.ts";
import { prefixLength } from "../config/ipv4-ranges.ts";
import type { Finding } from "../config/problems.ts";
import { clouds, type CloudName } from "../config/regions.ts";
import { nodeNames, nodeNumber } from "../config/sections/pools.ts";
import { slotBits } from "./clouds/place-slots.ts";
import { takesPlannedAddresses } from "./clouds/private-addresses.ts";
import type { NodeSettings } from "./cluster-node.ts";
import { mostChosenAddresses, mostPlannedPools, plannedPools, rangeOf } from "./planned-addresses.ts";
import { isIn, planNetworks, type PrivateNetwork } from "./private-networks.ts";

/** The prefixes of the widest and of the smallest private network that each cloud makes; at AWS each zone's subnet is a quarter of it. */
const prefixes: Readonly<Record<CloudName, { readonly shortest: number; readonly longest: number }>> = {
  hetzner: { shortest: 8, longest: 24 },
  digitalocean: { shortest: 16, longest: 28 },
  aws: { shortest: 16, longest: 26 },
  vultr: { shortest: 8, longest: 29 },
  linode: { shortest: 8, longest: 29 },
  scaleway: { shortest: 20, longest: 29 },
};

/** Prefixes of ranges that may be configured: no private range is wider than a /8. */
const widest = 8;
const smallest = 32 - slotBits;

/** Whether every place's part of `network.privateCidr` is one that its cloud takes, and has room for its servers. */
export function findNetworkMistakes(settings: NodeSettings): Finding[] {
  const { cluster, network, pools } = settings;
  if (cluster.kind !== "k3s") return [];
  const { privateCidr } = network;
  const path = ["network", "privateCidr"];
  const [first] = pools.flatMap(({ cloud }) => (cloud === "on-prem" ? [] : [clouds[cloud].title]));
  if (first !== undefined && !rfc1918.some((range) => contains(range, privateCidr))) {
    const reason = `is no range in which ${first} makes private networks.`;
    return [{ path, value: privateCidr, reason, fix: `Take it from ${rfc1918.join(", ")}.` }];
  }
  const reason = complaintAbout(settings);
  return reason === undefined ? [] : [{ path, value: privateCidr, reason, fix: fixFor(settings) }];
}

/** The first of the reasons why the range does not do. */
function complaintAbout(settings: NodeSettings): string | undefined {
  const { privateCidr } = settings.network;
  if (prefixLength(privateCidr) > smallest) return `is too small to be split into ${2 ** slotBits} networks.`;
  return planNetworks(settings)
    .map((network) => lengthComplaint(network) ?? roomComplaint(network, settings))
    .find((complaint) => complaint !== undefined);
}

function lengthComplaint({ cloud, place, cidr }: PrivateNetwork): string | undefined {
  const { shortest, longest } = prefixes[cloud];
  const length = prefixLength(cidr);
  return length >= shortest && length <= longest
    ? undefined
    : `gives ${clouds[cloud].title} ${place} the network ${cidr}, but networks there are from /${shortest} to /${longest}.`;
}

function roomComplaint(network: PrivateNetwork, settings: NodeSettings): string | undefined {
  const { cloud, place, cidr } = network;
  const where = `${clouds[cloud].title} ${place}`;
  if (takesPlannedAddresses(cloud)) {
    const planned = plannedPools(network, settings).length;
    const room = mostPlannedPools(cloud, cidr);
    if (planned > room)
      return `gives ${where} the network ${cidr} with room for ${room} of its ${planned} pools of control planes.`;
  }
  const chosen = settings.pools.flatMap((pool) => {
    if (pool.cloud === "on-prem" || !isIn(network, pool)) return [];
    if (pool.role === "control-plane" && takesPlannedAddresses(cloud)) return [];
    return nodeNames(pool).map((name) => rangeOf(cloud, cidr, nodeNumber(pool, name)));
  });
  for (const [range, { length }] of Map.groupBy(chosen, (range) => range)) {
    const room = mostChosenAddresses(cloud, range);
    if (length > room)
      return `gives ${where} the network ${range} with ${room} addresses to choose from, but the pools have ${length} nodes for it.`;
  }
  return undefined;
}

/** Which ranges would do. */
function fixFor(settings: NodeSettings): string {
  const lengths = Array.from({ length: smallest - widest + 1 }, (_, index) => widest + index);
  const fitting = lengths.filter((length) => {
    const privateCidr: Cidr = `10.0.0.0/${length}`;
    return complaintAbout({ ...settings, network: { ...settings.network, privateCidr } }) === undefined;
  });
  const [first, last] = [fitting.at(0), fitting.at(-1)];
  if (first === undefined || last === undefined)
    return "Put fewer nodes into one place: no range has room for them.";
  return first === last ? `Choose a /${first}.` : `Choose a range from /${first} to /${last}.`;
}
