import { resourceOf, type Message, type Violation } from "../engine/journal.ts";
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

/** What the engine and the providers warn of; empty when there is nothing. */
export function warningsReport(terminal: Pick<Terminal, "style">, warnings: readonly Message[]): string {
  if (warnings.length === 0) return "";
  const lines = warnings.map(({ urn, text }) => {
    const { kind, name } = resourceOf(urn ?? "");
    const subject = urn === undefined ? "" : `${kind} ${name}: `;
    return `  ${terminal.style("yellow", "!")} ${subject}${text.replaceAll("\n", "\n    ")}`;
  });
  return `\n${terminal.style("bold", "Warnings")}\n${lines.join("\n")}`;
}
