import type { Cost } from "../infra/sizing/cost.ts";
import type { Fit, Share } from "../infra/sizing/fit.ts";

/** What a stack will be and cost, in one line for whoever decides about an update. */
export function planSummary(cost: Cost, { nodes, cpu, memory, storage }: Fit): string {
  return [
    `${nodes} ${nodes === 1 ? "node" : "nodes"}`,
    ...priceOf(cost),
    `asked for: CPU ${percent(cpu)}, memory ${percent(memory)}, storage ${percent(storage)}`,
  ].join(" · ");
}

function priceOf({ totals, unpriced }: Cost): string[] {
  if (totals.length === 0 && unpriced.length === 0) return [];
  const sum = totals.map(({ currency, monthly }) => `${monthly.toFixed(2)} ${currency}`).join(" + ");
  const unknown =
    unpriced.length === 0 ? "" : ` (without the price of ${unpriced.join(", ")}, which is not known)`;
  return [`${sum === "" ? "price unknown" : `${sum} a month`}${unknown}`];
}

function percent({ requested, allocatable }: Share): string {
  return allocatable === 0 ? "–" : `${Math.round((requested / allocatable) * 100)} %`;
}
