import type { z } from "zod";

import type { Path } from "./problems.ts";

/** What a schema knows about one place in it. */
export interface Place {
  /** The keys that are known there, when it is a map. */
  readonly keys: readonly string[];
  /** For each key of another form of the same map: the form, such as `cloud: on-prem`. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** The words that choose a form of the map, such as the clouds of a pool. */
  readonly choices: readonly string[];
  /** What belongs there, as a noun phrase. */
  readonly description: string | undefined;
}

type Schema = z.core.$ZodType;

/** Follows `path` through a schema, along the forms that `value` has chosen in its discriminated unions. */
export function lookUp(schema: Schema, value: unknown, path: Path): Place {
  let place = schema;
  let here = value;
  let description = describe(place);
  for (const step of path) {
    const next = child(resolve(place, here).chosen, step);
    if (next === undefined) return { keys: [], elsewhere: new Map(), choices: [], description: undefined };
    place = next;
    here = at(here, step);
    description = describe(place);
  }
  const { chosen, others, choices } = resolve(place, here);
  const keys = isObject(chosen) ? Object.keys(chosen._zod.def.shape) : [];
  const elsewhere = new Map(
    others.flatMap(({ form, shape }) => Object.keys(shape).map((key) => [key, form] as const)),
  );
  return { keys, elsewhere, choices, description };
}

/** The value at one step of a path. */
export function at(value: unknown, step: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string | number, unknown>)[step]
    : undefined;
}

/** The description lies on the outermost layer that has one. */
function describe(schema: Schema): string | undefined {
  const own = (schema as z.ZodType).description;
  if (own !== undefined) return own;
  const inner = unwrapOnce(schema);
  return inner && describe(inner);
}

function unwrapOnce(schema: Schema): Schema | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const wraps = def.type === "optional" || def.type === "default" || def.type === "prefault";
  if (wraps) return def.innerType;
  return def.type === "pipe" ? def.in : undefined;
}

function unwrap(schema: Schema): Schema {
  const inner = unwrapOnce(schema);
  return inner ? unwrap(inner) : schema;
}

function child(schema: Schema, step: string | number): Schema | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "object") return def.shape[step];
  if (def.type === "array") return def.element;
  if (def.type === "record") return def.valueType;
  return undefined;
}

interface OtherForm {
  readonly form: string;
  readonly shape: Readonly<Record<string, Schema>>;
}

interface Resolved {
  readonly chosen: Schema;
  readonly others: readonly OtherForm[];
  readonly choices: readonly string[];
}

/** The form of a union that the value chose, and its other forms. */
function resolve(schema: Schema, value: unknown): Resolved {
  const plain = unwrap(schema);
  const { def } = (plain as z.core.$ZodTypes)._zod;
  if (def.type !== "union" || !("discriminator" in def)) return { chosen: plain, others: [], choices: [] };
  const key = (def as z.core.$ZodDiscriminatedUnionDef).discriminator;
  const options = def.options.map(unwrap).filter(isObject);
  const words = (option: z.core.$ZodObject) =>
    [...(option._zod.def.shape[key]?._zod.values ?? [])].map(String);
  const chosen = options.find((option) => words(option).includes(String(at(value, key))));
  const others = options
    .filter((option) => option !== chosen)
    .map((option) => ({ form: `${key}: ${words(option).join(" or ")}`, shape: option._zod.def.shape }));
  return { chosen: chosen ?? plain, others, choices: options.flatMap(words) };
}

function isObject(schema: Schema): schema is z.core.$ZodObject {
  return schema._zod.def.type === "object";
}
