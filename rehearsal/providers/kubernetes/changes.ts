/** What separates two JSON values, path by path. */
import { isDeepStrictEqual } from "node:util";

import { isMapping } from "./values.ts";

/** A path into a JSON value: keys of objects, indices of lists. */
export type Path = readonly (string | number)[];

/** One place where two values differ. */
export interface Change {
  readonly path: Path;
  readonly kind: "add" | "update" | "delete";
}

/** The deepest places where two values differ. Lists are compared index by index, for that is how people read a diff. */
export function changesBetween(old: unknown, now: unknown, path: Path = []): readonly Change[] {
  if (isDeepStrictEqual(old, now)) return [];
  if (old === undefined) return [{ path, kind: "add" }];
  if (now === undefined) return [{ path, kind: "delete" }];
  if (isMapping(old) && isMapping(now)) {
    const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
    return [...keys].flatMap((key) => changesBetween(old[key], now[key], [...path, key]));
  }
  if (Array.isArray(old) && Array.isArray(now)) {
    const length = Math.max(old.length, now.length);
    return Array.from({ length }, (_, index) =>
      changesBetween(old[index], now[index], [...path, index]),
    ).flat();
  }
  return [{ path, kind: "update" }];
}

/** The value at a path; undefined when the way ends early. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return typeof step === "number" ? (inner[step] as unknown) : undefined;
    return isMapping(inner) ? inner[step] : undefined;
  }, value);
}

/** Writes a path as Pulumi does: `spec.containers[0].image`, `metadata.annotations["pulumi.com/waitFor"]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/**
 * Reads a path that Pulumi or the API server wrote: `spec.ports[0].port`, `.spec.replicas`, `data["a.b"]`,
 * `spec.containers[name="web"].image`, `spec.containers[*].image`. A step that is neither key nor index becomes `*`.
 */
export function parsePath(text: string): Path {
  const steps = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, other, key]) => {
    if (quoted !== undefined) return JSON.parse(`"${quoted}"`) as string;
    if (index !== undefined) return Number(index);
    return other !== undefined ? "*" : (key ?? "");
  });
}

/** Tells whether a path is another one or leads into it. A `*` stands for any step. */
export function contains(outer: Path, inner: Path): boolean {
  return (
    outer.length <= inner.length &&
    outer.every((step, index) => step === "*" || inner[index] === "*" || step === inner[index])
  );
}
