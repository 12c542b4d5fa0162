import type { OpType } from "@pulumi/pulumi/automation/index.js";
import { changesOf, resourceOf, type Journal, type Step } from "../engine/journal.ts";
import type { Terminal } from "../terminal.ts";
import { table } from "./table.ts";

/** What a step means to a person. The engine splits a replacement into three steps; the middle one is counted. */
export type Change = "create" | "update" | "replace" | "delete";

const changes: Partial<Record<OpType, Change>> = {
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
};

const shown: readonly Change[] = ["create", "update", "replace", "delete"];
const marks: Readonly<Record<Change, string>> = { create: "+", update: "~", replace: "±", delete: "-" };

/** `38 to create, 1 to update`, or what was done: `38 created, 1 updated`. */
export function summarizeChanges(journal: Journal, tense: "planned" | "done"): string {
  const counts = countByChange(changesOf(journal));
  const parts = shown
    .filter((change) => counts.has(change))
    .map((change) => `${counts.get(change) ?? 0} ${tense === "planned" ? `to ${change}` : `${change}d`}`);
  return parts.length === 0 ? "nothing to change" : parts.join(", ");
}

function countByChange(steps: readonly Step[]): Map<Change, number> {
  const counts = new Map<Change, number>();
  for (const step of steps) {
    const change = changes[step.operation];
    if (change !== undefined) counts.set(change, (counts.get(change) ?? 0) + 1);
  }
  return counts;
}

/** Changes by layer, then every change that is not a creation with the properties that differ. */
export function changesReport(terminal: Pick<Terminal, "style">, journal: Journal): string {
  const steps = changesOf(journal);
  const layers = Map.groupBy(steps, (step) => resourceOf(step.urn).layer);
  const summary = table(
    terminal,
    "Changes",
    [{ heading: "layer" }, ...shown.map((change) => ({ heading: change, align: "right" as const }))],
    [...layers].map(([layer, members]) => {
      const counts = countByChange(members);
      return [layer, ...shown.map((change) => String(counts.get(change) ?? ""))];
    }),
  );
  return summary + detailLines(terminal, steps);
}

function detailLines(terminal: Pick<Terminal, "style">, steps: readonly Step[]): string {
  const lines = steps.flatMap((step) => {
    const change = changes[step.operation];
    if (change === undefined || change === "create") return [];
    const { kind, name, layer } = resourceOf(step.urn);
    const paths =
      step.differences.length === 0 ? "" : terminal.style("dim", `  ${step.differences.join(", ")}`);
    return [`  ${marks[change]} ${kind} ${name} (${layer})${paths}`];
  });
  return lines.length === 0 ? "" : `\n\n${lines.join("\n")}`;
}
