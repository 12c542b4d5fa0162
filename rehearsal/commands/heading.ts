import type { RunOptions } from "../session/options.ts";

/** The first line of a run: what is done to which stack. */
export function heading({ terminal, stack }: RunOptions, command: string): void {
  terminal.print(`\n${terminal.style("bold", `uap ${command}`)} ${terminal.style("cyan", stack)}\n`);
}
