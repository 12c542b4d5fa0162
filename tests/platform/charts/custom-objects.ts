import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { lockedCharts, type ChartName } from "../../../platform/charts/lock.ts";
import { lines } from "./chart-values.ts";

/** An object of any kind. */
export interface CustomObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Fails unless the real definition of its kind accepts an object; fields that it does not know are refused. */
export function assertCustomResource(folder: string, object: CustomObject): void {
  assert.deepEqual(refusedFields(folder, object), []);
}

/** Whether a pinned chart defines the object's kind. */
export function isCustom({ apiVersion, kind }: Pick<CustomObject, "apiVersion" | "kind">): boolean {
  return ownersOf(apiVersion, kind).length > 0;
}

/** What the definition of an object's kind says against it, as lines. */
export function refusedFields(folder: string, object: CustomObject): string[] {
  const [owner] = ownersOf(object.apiVersion, object.kind);
  if (!owner) return [`No pinned chart defines ${object.apiVersion}/${object.kind}.`];
  const version = object.apiVersion.split("/")[1];
  const definition = readDefinition(folder, owner.chart, owner.definition);
  const schema = definition.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema ?? {};
  const options = { strict: false, allErrors: true, validateFormats: false, logger: false } as const;
  const validate = new Ajv({ ...options, code: { regExp: goPattern } }).compile(
    structural({ ...schema, "x-kubernetes-embedded-resource": true }),
  );
  const { kind } = object;
  return validate(object) ? [] : lines(validate.errors).map((line) => `${kind} ${line}`);
}

/** A pattern as Kubernetes reads it: of Go's flags only `(?i)` is used, right at the beginning. */
const goPattern = Object.assign(
  (pattern: string, flags: string) => {
    const sensitive = pattern.replace(/^(\^?)\(\?i\)/, "$1");
    return new RegExp(sensitive, sensitive === pattern ? flags : `${flags}i`);
  },
  { code: "goPattern" },
);

function ownersOf(apiVersion: string, kind: string): { chart: ChartName; definition: string }[] {
  return (Object.keys(lockedCharts) as ChartName[]).flatMap((chart) => {
    const definition = lockedCharts[chart].kinds[`${apiVersion}/${kind}`];
    return definition === undefined ? [] : [{ chart, definition }];
  });
}

interface RealDefinition {
  readonly spec: {
    readonly versions: readonly {
      readonly name: string;
      readonly schema?: { readonly openAPIV3Schema?: Schema };
    }[];
  };
}

/** The chart's definition, as a document. */
export function readDefinition(folder: string, chart: ChartName, name: string): RealDefinition {
  const file = join(folder, chart, "crds", `${name}.yaml`);
  const known = definitionsRead.get(file) ?? (parse(readFileSync(file, "utf8")) as RealDefinition);
  definitionsRead.set(file, known);
  return known;
}

/** What was read before, by file: some are big. */
const definitionsRead = new Map<string, RealDefinition>();

type Schema = Readonly<Record<string, unknown>>;

/** Kubernetes' structural schema as a JSON schema: what it prunes is refused, and its extensions are spelled out. */
function structural(schema: Schema): Schema {
  const result: Record<string, unknown> = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, inner(key, value)]),
  );
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true || "additionalProperties" in schema;
  if (schema["x-kubernetes-embedded-resource"] === true) {
    const any = { apiVersion: {}, kind: {}, metadata: {} };
    result.properties = { ...any, ...(result.properties as Schema | undefined), metadata: {} };
  }
  if ("properties" in result && !open) result.additionalProperties = false;
  if (schema["x-kubernetes-int-or-string"] === true) {
    delete result.type;
    return { ...result, anyOf: [{ type: "integer" }, { type: "string" }] };
  }
  if (schema.nullable === true && typeof schema.type === "string") result.type = [schema.type, "null"];
  delete result.nullable;
  return result;
}

/** Only where Kubernetes has whole schemas: in `anyOf` and the like stand conditions, which prune nothing. */
function inner(key: string, value: unknown): unknown {
  if (key === "properties") {
    return Object.fromEntries(
      Object.entries(value as Record<string, Schema>).map(([name, one]) => [name, structural(one)]),
    );
  }
  const isSchema = typeof value === "object" && value !== null && !Array.isArray(value);
  if ((key === "items" || key === "additionalProperties") && isSchema) return structural(value as Schema);
  return value;
}
