import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import type { Terminal } from "../terminal.ts";

/** A column: its heading, and whether its cells are numbers, which stand to the right. */
export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
}

/** No lines, two spaces between columns: what is there is the data. */
const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "  ",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
} as const;

/** Renders a titled table; an empty one is left out. */
export function table(
  terminal: Pick<Terminal, "style">,
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return "";
  const grid = new Table({
    chars: bare,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    head: columns.map((column) => terminal.style("dim", column.heading)),
    colAligns: columns.map((column) => column.align ?? "left"),
  });
  grid.push(...rows.map((row) => [...row]));
  const body = grid
    .toString()
    .split("\n")
    .map((line) => line.replace(/\s+$/, ""))
    .filter((line) => stripVTControlCharacters(line).trim() !== "")
    .join("\n");
  return `\n${terminal.style("bold", title)}\n${body}`;
}
