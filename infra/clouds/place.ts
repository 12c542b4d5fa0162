import type { CloudPool } from "../../config/sections/pools.ts";
import type { ServerNode } from "./cloud.ts";

/** Hetzner's locations by network zone; a private network spans the locations of one zone. From Hetzner's documentation, 2026. */
const hetznerZones: Readonly<Record<string, string>> = {
  fsn1: "eu-central",
  nbg1: "eu-central",
  hel1: "eu-central",
  ash: "us-east",
  hil: "us-west",
  sin: "ap-southeast",
};

/** Where one private network of the pool's cloud reaches: at Hetzner a network zone, elsewhere the region. */
export function placeOf({ cloud, region }: Pick<CloudPool, "cloud" | "region">): string {
  return cloud === "hetzner" ? (hetznerZones[region] ?? region) : region;
}

/**
 * The place of all nodes of a component.
 *
 * @throws RangeError when there are no nodes, or they cannot share a private network: there is one component per cloud and place.
 */
export function sharedPlace(nodes: readonly Pick<ServerNode, "pool">[]): string {
  const places = [...new Set(nodes.map(({ pool }) => placeOf(pool)))];
  const [place] = places;
  if (place === undefined || places.length > 1)
    throw new RangeError(
      `Nodes of one private network must stand in one place, not in: ${places.join(", ") || "none"}.`,
    );
  return place;
}
