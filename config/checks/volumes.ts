import type { Finding } from "../problems.ts";
import { clouds, type CloudName } from "../regions.ts";
import type { PoolEntry, Sections } from "../sections/index.ts";
import { volumeSize } from "../sections/pools.ts";
import { alternatives } from "../suggestions.ts";
import type { Check } from "./check.ts";

/** GiB that one volume has at least and at most; from the clouds' documentation, 2026. The other clouds have none here yet. */
const sizes: ReadonlyMap<string, { readonly least: number; readonly most: number }> = new Map<
  CloudName,
  { readonly least: number; readonly most: number }
>([
  ["hetzner", { least: 10, most: 10_240 }],
  ["digitalocean", { least: 1, most: 16_384 }],
  ["aws", { least: 1, most: 65_536 }],
]);

/** Whether the cloud sells the data disks that the pools ask for. */
export const volumeChecks: readonly Check[] = [
  { reads: ["pools.cloud", "pools.volume"], find: ({ pools }: Sections) => pools.flatMap(volumeMistakes) },
];

function volumeMistakes({ index, pool }: PoolEntry): Finding[] {
  const gibibytes = volumeSize(pool);
  if (gibibytes === undefined) return [];
  const place = { path: ["pools", index, "volume"], value: pool.volume };
  const title = pool.cloud === "on-prem" ? "machines of your own" : clouds[pool.cloud].title;
  const size = sizes.get(pool.cloud);
  if (!size)
    return [
      { ...place, reason: `is not available: the program has no volumes for ${title}.`, fix: without(pool) },
    ];
  const { least, most } = size;
  if (gibibytes < least)
    return [
      {
        ...place,
        reason: `is too small: a volume of ${title} has at least ${least}Gi.`,
        fix: `Write ${least}Gi or more.`,
      },
    ];
  if (gibibytes > most)
    return [
      {
        ...place,
        reason: `is too big: a volume of ${title} has at most ${most}Gi.`,
        fix: `Write ${most}Gi or less.`,
      },
    ];
  return [];
}

function without({ cloud }: PoolEntry["pool"]): string {
  if (cloud === "on-prem") return "Remove it, and put a disk into them.";
  const titles = Object.entries(clouds).flatMap(([name, { title }]) => (sizes.has(name) ? [title] : []));
  return `Remove it, or take servers of ${alternatives(titles)}.`;
}
