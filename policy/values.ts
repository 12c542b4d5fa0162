/**
 * Reading values whose shape nobody has promised: the properties of a resource as the engine hands them over.
 *
 * Two things make this different from plain property access. A value may have any type, since policies run on what the
 * program wrote and not on what the API accepts. And in a preview a value may be unknown, at any depth.
 */

/** A JSON object as the engine sends it. */
export type Values = Readonly<Record<string, unknown>>;

/** Stands for a value that is known only during the update. Occurs in previews only. */
export const notYetKnown: unique symbol = Symbol("not yet known");

/** Tells whether a value is a JSON object: neither a list nor null. */
export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a JSON object; an empty one when it is something else. */
export function objectOf(value: unknown): Values {
  return isObject(value) ? value : {};
}

/** The value as a list; an empty one when it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Follows a path of property names from a value.
 *
 * @returns what is there; `undefined` where the path ends early; {@link notYetKnown} where it leads into an unknown value.
 */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (current === notYetKnown) return notYetKnown;
    current = objectOf(current)[name];
  }
  return current;
}

/** Joins names the way people write them: `a`, `a and b`, `a, b and c`. */
export function enumeration(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
