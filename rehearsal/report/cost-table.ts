import { z } from "zod";
import type { Terminal } from "../terminal.ts";
import { table } from "./table.ts";

/** The stack's cost (infra/sizing/cost.ts) as the engine keeps it among the outputs. */
export const costSchema = z.object({
  rows: z.array(
    z.object({
      pool: z.string(),
      nodes: z.number(),
      type: z.string(),
      each: z.number().optional(),
      monthly: z.number().optional(),
      currency: z.string().optional(),
      asOf: z.string().optional(),
    }),
  ),
  totals: z.array(z.object({ currency: z.string(), monthly: z.number() })),
  unpriced: z.array(z.string()),
  notes: z.array(z.string()),
});

type ShownCost = z.output<typeof costSchema>;
type Styler = Pick<Terminal, "style">;

/** What the stack's servers cost a month, by pool and in all; empty when it orders none. */
export function costTable(terminal: Styler, cost: ShownCost): string {
  const rows = cost.rows.map(costRow);
  const totals = cost.totals.map(({ currency, monthly }) => totalRow(terminal, cost, currency, monthly));
  const notes = cost.notes.map((note) => `\n  ${terminal.style("dim", note)}`).join("");
  const shown = table(
    terminal,
    "Cost a month",
    [
      { heading: "pool" },
      { heading: "nodes", align: "right" },
      { heading: "type" },
      { heading: "each", align: "right" },
      { heading: "in all", align: "right" },
      { heading: "currency" },
      { heading: "as of" },
    ],
    [...rows, ...totals],
  );
  return shown === "" ? "" : shown + notes;
}

function costRow({
  pool,
  nodes,
  type,
  each,
  monthly,
  currency = "",
  asOf = "",
}: ShownCost["rows"][number]): string[] {
  const unknown = type === "own" ? "–" : "unknown";
  const amount = (value: number | undefined) => (value === undefined ? unknown : readableAmount(value));
  return [pool, String(nodes), type, amount(each), amount(monthly), currency, asOf];
}

/** A sum without a pool of unknown price is the least that is paid. */
function totalRow(terminal: Styler, { unpriced }: ShownCost, currency: string, monthly: number): string[] {
  const sum = readableAmount(monthly);
  const total = unpriced.length === 0 ? sum : `at least ${sum}`;
  return ["in all", "", "", "", terminal.style("bold", total), currency, ""];
}

/** Cents for people: `1,234.50`. */
function readableAmount(amount: number): string {
  return amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
