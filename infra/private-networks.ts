import type { Cidr } from "../config/addresses.ts";
import { partOf } from "../config/ipv4-ranges.ts";
import type { CloudName } from "../config/regions.ts";
import type { CloudPool } from "../config/sections/pools.ts";
import { slotBits, slotOf } from "./clouds/place-slots.ts";
import { placeOf } from "./clouds/place.ts";
import type { NodeSettings } from "./cluster-node.ts";

/** A private network, one for each place in which the cluster has servers. */
export interface PrivateNetwork {
  readonly cloud: CloudName;
  /** How far the network reaches: a region, at Hetzner a network zone with several locations. */
  readonly place: string;
  readonly cidr: Cidr;
}

/**
 * The private networks of the cluster, in the order of clouds and places. `network.privateCidr` is split into 256 networks, of which every place has
 * the one of its number (clouds/place-slots.ts), so that no pool that comes or goes moves a network.
 *
 * @throws RangeError when the range cannot be split; whether it can is checked before
 */
export function planNetworks({ cluster, pools, network }: NodeSettings): PrivateNetwork[] {
  if (cluster.kind !== "k3s") return [];
  const servers = pools.filter((pool) => pool.cloud !== "on-prem");
  const byName = new Map(servers.map((pool) => [`${pool.cloud}/${placeOf(pool)}`, pool]));
  return [...byName]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, pool]) => ({
      cloud: pool.cloud,
      place: placeOf(pool),
      cidr: partOf(network.privateCidr, slotBits, slotOf(pool)),
    }));
}

/** Whether a pool's servers are in a network. */
export function isIn({ cloud, place }: Pick<PrivateNetwork, "cloud" | "place">, pool: CloudPool): boolean {
  return pool.cloud === cloud && placeOf(pool) === place;
}
