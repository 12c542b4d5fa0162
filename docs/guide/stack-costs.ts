import { writeFileSync } from "node:fs";
import { clouds } from "../../config/regions.ts";
import type { Pool } from "../../config/sections/pools.ts";
import { costOf, type Cost, type PoolCost } from "../../infra/sizing/cost.ts";
import { listStacks } from "../../rehearsal/engine/stacks.ts";
import { readStackSettings } from "../../rehearsal/session/settings.ts";

/** Where the page lies. */
export const pageLocation = new URL("../generated/stack-costs.md", import.meta.url);

const introduction = `# What the stacks cost

<!-- Generated from Pulumi.<stack>.yaml and infra/sizing/types/ by \`make docs\`. Edit those, not this page. -->

The servers of each stack, by the month, at the prices of [server-types.md](server-types.md). Prices are data with a date, never asked of the
cloud. Traffic, volumes that pods ask for, snapshots and DNS zones come on top. \`make preview STACK=<stack>\` adds up your own configuration.
`;

/** The costs of all stacks whose servers the program orders, in Markdown. */
export async function stackCostsPage(): Promise<string> {
  const sections = await Promise.all((await listStacks()).map(section));
  return [introduction, ...sections.flat()].join("\n");
}

/** Nothing for a stack on a cluster that exists already. */
async function section(stack: string): Promise<string[]> {
  const { pools } = await readStackSettings(stack);
  if (pools.length === 0) return [];
  const cost = costOf(pools);
  return [
    `## ${stack}\n`,
    "| pool | nodes | where | type | each | in all | currency | as of |",
    "|---|--:|---|---|--:|--:|---|---|",
    ...cost.rows.map((row, index) => poolRow(row, pools[index])),
    ...totalRows(cost),
    "",
    ...cost.notes.map((note) => `- ${note}`),
    "",
  ];
}

function poolRow(row: PoolCost, place: Pool | undefined): string {
  const { pool, nodes, type, each, monthly, currency, asOf } = row;
  const cells = [
    pool,
    nodes,
    place && placeOf(place),
    `\`${type}\``,
    amount(each),
    amount(monthly),
    currency,
    asOf,
  ];
  return `| ${cells.map((cell) => cell ?? "").join(" | ")} |`;
}

function placeOf({ cloud, region }: Pool): string {
  return cloud === "on-prem" ? `on-premises, ${region}` : `${clouds[cloud].title} ${region}`;
}

function totalRows({ totals, unpriced }: Cost): string[] {
  const least = unpriced.length === 0 ? "" : "at least ";
  return totals.map(
    ({ currency, monthly }) => `| **in all** | | | | | **${least}${amount(monthly)}** | ${currency} | |`,
  );
}

function amount(value: number | undefined): string {
  return value?.toFixed(2) ?? "";
}

if (import.meta.main) writeFileSync(pageLocation, await stackCostsPage());
