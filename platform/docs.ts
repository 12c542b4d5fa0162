import { writeFileSync } from "node:fs";
import type { Budget } from "../config/systems.ts";
import { catalogue } from "./catalogue.ts";
import type { BuiltRow, CatalogueRow } from "./catalogue-row.ts";
import { lockedChart } from "./charts/lock.ts";
import { layerTitles, type Layer } from "./kit/labels.ts";

/** Where the page lies. */
export const pageLocation = new URL("../docs/catalogue.md", import.meta.url);

const introduction = `# Catalogue

<!-- Generated from the catalogue.ts of each layer in platform/ by \`node platform/docs.ts\`. Edit the rows, not this page. -->

Every system by its name in the configuration: \`uap:platform.systems.<name>\`. Presets switch on sets of them. What a system asks for
is said for the size \`small\` with its default options; \`+ … a node\` is asked for on every node besides. A planned system is known by
name, and cannot be switched on yet.
`;

/** The documentation of all systems, in Markdown. */
export function cataloguePage(): string {
  return [introduction, ...(Object.keys(layerTitles) as Layer[]).map(section)].join("\n");
}

function section(layer: Layer): string {
  const rows = Object.entries<CatalogueRow>(catalogue).filter(([, row]) => row.layer === layer);
  const built = rows.flatMap(([name, row]) => (row.planned ? [] : [builtLine(name, row)]));
  const planned = rows.flatMap(([name, row]) => (row.planned ? [`\`${name}\` (${row.title})`] : []));
  const table = [
    "| system | software | purpose | installed by | licence | namespace | host | needs | excludes | asks for |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...built,
    "",
  ];
  return [
    `## ${layerTitles[layer]}\n`,
    ...(built.length > 0 ? table : []),
    ...(planned.length > 0 ? [`Planned: ${planned.join(", ")}.\n`] : []),
  ].join("\n");
}

function builtLine(name: string, row: BuiltRow): string {
  const cells = [
    `\`${name}\``,
    row.title,
    row.purpose,
    installation(row),
    row.licence,
    named(row.namespace),
    named(row.service),
    row.needs.map(named).join(", "),
    (row.conflicts ?? []).map(named).join(", "),
    demand(row.budget({ ...row.options.parse(row.example ?? {}), size: "small" })),
  ];
  return `| ${cells.join(" | ")} |`;
}

function installation({ charts = [], images = {} }: BuiltRow): string {
  const parts = [
    ...charts.map((chart) => `chart ${chart} ${lockedChart(chart).version}`),
    ...Object.values(images).map((image) => `\`${image}\``),
  ];
  return parts.join(", ") || "the program";
}

function demand({ cpu, memory, perNode, storage }: Budget): string {
  const parts = [
    ...(Number.parseFloat(cpu) > 0 ? [`${cpu} CPU`, memory] : []),
    ...(storage === undefined ? [] : [`${storage} of storage`]),
    ...(perNode === undefined ? [] : [`+ ${perNode.cpu} CPU, ${perNode.memory} a node`]),
  ];
  return parts.join(", ") || "nothing";
}

function named(name: string | undefined): string {
  return name === undefined ? "" : `\`${name}\``;
}

if (import.meta.main) writeFileSync(pageLocation, cataloguePage());
