import assert from "node:assert/strict";
import { Ajv, type ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ChartName } from "../../../platform/charts/lock.ts";
import { factsOf, valueKeys, valuesSchema } from "./facts.ts";

/** Fails unless a chart knows every value, and its schema accepts them beside its defaults. */
export function assertChartValues(folder: string, chart: ChartName, values: unknown): void {
  assert.deepEqual([...unknownValues(folder, chart, values), ...refusedValues(folder, chart, values)], []);
}

/** Maps that Kubernetes or the software itself defines and charts pass on: what stands below them is theirs to judge. */
const passedOn =
  /(^|\.)(\w*[aA]nnotations|\w*[lL]abels|nodeSelector|affinity|\w*[sS]ecurityContext|resources(\.\w+)?\.(limits|requests)|podResources)$/;

/** Paths that a chart does not know, as lines. */
export function unknownValues(folder: string, chart: ChartName, values: unknown): string[] {
  const keys = valueKeys(folder, chart);
  const { freeFormKeys, settings, templateOnlyKeys } = factsOf(folder, chart);
  const settable = Array.isArray(settings) ? settings.map(({ path }) => path) : [];
  const known = new Set([...Object.keys(keys), ...templateOnlyKeys, ...freeFormKeys, ...settable]);
  const parents = new Set([...known].flatMap(parentsOf));
  const isFree = (path: string) =>
    freeFormKeys.includes(path) || passedOn.test(path) || (holdsMore(keys[path]) && !parents.has(path));
  const look = (path: string, value: unknown): string[] => {
    // A chart that knows requests passes limits on as well.
    if (passedOn.test(path) && parents.has(path.replace(/\.\w+$/, ""))) return [];
    if (!known.has(path) && !parents.has(path)) return [`${path} is no value of the chart ${chart}`];
    if (!isMap(value) || isFree(path)) return [];
    if (known.has(path) && !parents.has(path) && !holdsMore(keys[path]))
      return [`${path} of the chart ${chart} is ${JSON.stringify(keys[path])} by default, not a map`];
    return Object.entries(value).flatMap(([key, inner]) => look(`${path}.${escaped(key)}`, inner));
  };
  return Object.entries(asMap(values)).flatMap(([key, value]) => look(escaped(key), value));
}

/** Whether a default leaves open what stands below it: an empty map, a list, null, or a path that only templates know. */
function holdsMore(value: unknown): boolean {
  return value === undefined || value === null || typeof value === "object";
}

function parentsOf(path: string): string[] {
  const parts = path.split(/(?<!\\)\./);
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
}

function escaped(key: string): string {
  return key.replaceAll(".", "\\.");
}

/** What the chart's schema says against values, as lines. */
export function refusedValues(folder: string, chart: ChartName, values: unknown): string[] {
  const schema = valuesSchema(folder, chart);
  if (schema === undefined) return [];
  const { $schema = "", ...rest } = schema as { readonly $schema?: string };
  const options = { strict: false, allErrors: true, validateFormats: false, logger: false } as const;
  const ajv = $schema.includes("2020-12") ? new Ajv2020(options) : new Ajv(options);
  const validate = ajv.compile(rest);
  return validate(merged(defaultsOf(folder, chart), values)) ? [] : lines(validate.errors);
}

/** A validator's complaints as lines. */
export function lines(errors: readonly ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map(
    ({ instancePath, message = "is wrong", params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** The chart's own values; of a list, its first item. */
function defaultsOf(folder: string, chart: ChartName): unknown {
  const defaults: Tree = {};
  for (const [path, value] of Object.entries(valueKeys(folder, chart))) {
    const parts = path
      .replaceAll("[]", ".0")
      .split(/(?<!\\)\./)
      .map((part) => part.replaceAll("\\.", "."));
    const last = parts.pop() ?? "";
    let place = defaults;
    for (const part of parts) place = (place[part] ??= {}) as Tree;
    place[last] ??= structuredClone(value);
  }
  return defaults;
}

/** A map, or a list by its indices. */
type Tree = Record<string, unknown>;

function merged(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in above ? merged(below[key], above[key]) : below[key]]),
  );
}

/** The value at a dotted path; undefined where there is none. */
export function valueAt(values: unknown, path: string): unknown {
  return path
    .split(/(?<!\\)\./)
    .reduce<unknown>((inner, part) => asMap(inner)[part.replaceAll("\\.", ".")], values);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asMap(value: unknown): Record<string, unknown> {
  return isMap(value) ? value : {};
}
