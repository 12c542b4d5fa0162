import { layerTitles } from "../../platform/kit/labels.ts";
import type { Terminal } from "../terminal.ts";
import type { Health, SystemView } from "./system-view.ts";
import { table } from "./table.ts";

type Styler = Pick<Terminal, "style">;

const colours = { healthy: "green", degraded: "yellow", down: "red" } as const satisfies Record<
  Health,
  string
>;

/**
 * The systems by layer: how each is, how many of its pods are ready, and where it is; below, what is wrong.
 *
 * @param urls addresses by system, of the stack's outputs
 */
export function systemsTable(
  terminal: Styler,
  systems: readonly SystemView[],
  urls: Readonly<Record<string, string>>,
): string {
  const rows = systems.map(({ system, layer, health, ready, wanted }, index) => [
    layer === systems[index - 1]?.layer ? "" : layerTitles[layer],
    system,
    terminal.style(colours[health], health),
    `${ready}/${wanted}`,
    urls[system] === undefined ? "" : terminal.style("cyan", urls[system]),
  ]);
  const columns = [
    { heading: "layer" },
    { heading: "system" },
    { heading: "health" },
    { heading: "pods", align: "right" },
    { heading: "address" },
  ] as const;
  return table(terminal, "Systems", columns, rows) + problemsOf(terminal, systems);
}

/** The most problems that are shown of one system: the first ones are usually the cause of the rest. */
const shownProblems = 3;

function problemsOf(terminal: Styler, systems: readonly SystemView[]): string {
  return systems
    .flatMap(({ system, health, problems }) => {
      const hidden = problems.length - shownProblems;
      const shown = problems.slice(0, shownProblems);
      if (hidden > 0) shown.push(`and ${hidden} more`);
      return shown.map((problem) => `\n  ${terminal.style(colours[health], system)}: ${problem}`);
    })
    .join("");
}
