import { resourceOf, type Violation } from "../engine/journal.ts";
import type { Terminal } from "../terminal.ts";

/** Policies that were not kept but do not stop the update; empty when all were kept. */
export function violationsReport(
  terminal: Pick<Terminal, "style">,
  violations: readonly Violation[],
): string {
  if (violations.length === 0) return "";
  const lines = violations.map(({ policy, urn, text }) => {
    const { kind, name } = resourceOf(urn ?? "");
    return `  ${terminal.style("yellow", "!")} ${policy}: ${kind} ${name}\n    ${text.replaceAll("\n", "\n    ")}`;
  });
  return `\n${terminal.style("bold", "Policy warnings")}\n${lines.join("\n")}`;
}
