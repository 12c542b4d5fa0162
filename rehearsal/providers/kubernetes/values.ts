/** Reading untyped JSON: what the API server answers, and what a program hands over. */

export type Mapping = Readonly<Record<string, unknown>>;

/** Tells whether a value is a JSON object. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value found by following keys into a value; undefined when the way ends early. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isMapping(inner) ? inner[key] : undefined), value);
}

/** The text at a path; undefined when there is none, or something else. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === "string" ? found : undefined;
}

/** The number at a path; 0 when there is none, as Kubernetes leaves zeros out. */
export function numberAt(value: unknown, ...keys: readonly string[]): number {
  const found = at(value, ...keys);
  return typeof found === "number" ? found : 0;
}

/** The JSON object at a path; an empty one when there is none. */
export function mappingAt(value: unknown, ...keys: readonly string[]): Mapping {
  const found = at(value, ...keys);
  return isMapping(found) ? found : {};
}

/** The JSON objects in the list at a path; none when there is no list. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly Mapping[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found.filter(isMapping) : [];
}

/** A copy without some keys. */
export function without(mapping: Mapping, ...keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(mapping).filter(([key]) => !keys.includes(key)));
}
