import type { CloudName } from "./regions.ts";
import { clouds } from "./regions.ts";
import type { Sections } from "./sections/index.ts";
import type { Pool } from "./sections/pools.ts";

/** What tells where a pool's nodes stand. */
export type Placed = Pick<Pool, "name" | "cloud" | "region">;

/** The cloud that all nodes are ordered from; undefined when there are several, machines of one's own, or no pools at all. */
export function onlyCloudOf(pools: readonly Pick<Placed, "cloud">[]): CloudName | undefined {
  const [cloud, ...others] = new Set(pools.map((pool) => pool.cloud));
  return cloud === undefined || cloud === "on-prem" || others.length > 0 ? undefined : cloud;
}

/** The pools as they stand in the configuration. */
export function placedPools({ pools }: Pick<Sections, "pools">): readonly Placed[] {
  return pools.map(({ pool }) => pool);
}

/** Where nodes stand, for people. @example "nbg1 (Hetzner), lab (on-premises)" */
export function placesText(pools: readonly Placed[]): string {
  return pools
    .map(({ cloud, name }) => `${name} (${cloud === "on-prem" ? "on-premises" : clouds[cloud].title})`)
    .join(", ");
}
