import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { readFacts, type ChartFacts } from "../../../platform/charts/facts-folder.ts";
import type { ChartName } from "../../../platform/charts/lock.ts";

const project = resolve(import.meta.dirname, "..", "..", "..");
const place = resolve(process.env.UAP_CHART_FACTS ?? join(project, "..", "shared", "charts"));

/**
 * The folder of facts on the pinned charts: their value keys, schemas and definitions, for whoever has it; undefined elsewhere.
 * `UAP_CHART_FACTS` names another place.
 */
export const factsFolder: string | undefined = existsSync(place) ? place : undefined;

/** Skips the tests that hold the program against the charts' facts where there are none. */
export function needsFacts(test: Mocha.Context): string {
  if (factsFolder === undefined) return test.skip();
  return factsFolder;
}

const moreSchema = z.looseObject({
  hooks: z.array(z.looseObject({ kind: z.string(), name: z.string(), hook: z.string() })),
  hookFreeSettings: z.record(z.string(), z.unknown()).default({}),
  withoutHooks: z.looseObject({ set: z.array(z.string()) }).optional(),
  settings: z
    .union([z.array(z.looseObject({ path: z.string() })), z.record(z.string(), z.unknown())])
    .default([]),
  examples: z
    .array(z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({}) }))
    .default([]),
});

/** Everything that the tests read of a chart's facts. */
export type Facts = ChartFacts & z.output<typeof moreSchema>;

export function factsOf(folder: string, chart: ChartName): Facts {
  const more = moreSchema.parse(readJson(folder, chart, "facts.json"));
  return { ...more, ...readFacts(folder, chart) };
}

/** Value paths with their defaults: `{}` for a map, `[]` for a list. */
export function valueKeys(folder: string, chart: ChartName): Readonly<Record<string, unknown>> {
  return readJson(folder, chart, "values.keys.json") as Record<string, unknown>;
}

/** The chart's own schema of its values; undefined when it has none. */
export function valuesSchema(folder: string, chart: ChartName): object | undefined {
  return existsSync(join(folder, chart, "values.schema.json"))
    ? (readJson(folder, chart, "values.schema.json") as object)
    : undefined;
}

function readJson(folder: string, chart: ChartName, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, chart, file), "utf8"));
}
