import type { ServerNode } from "./cloud.ts";

/**
 * The one region of the nodes that share a private network.
 *
 * @throws RangeError when they are none or stand in several, which is the caller's mistake: there is one component per cloud and region.
 */
export function regionOf(nodes: readonly Pick<ServerNode, "pool">[]): string {
  const [region, ...others] = new Set(nodes.map(({ pool }) => pool.region));
  if (region === undefined || others.length > 0)
    throw new RangeError(
      `A private network needs nodes of one region, not of ${[region, ...others].filter(Boolean).join(" and ") || "none"}.`,
    );
  return region;
}
