/** How two property bags differ, told in the engine's property paths. */
import { isDeepStrictEqual } from "node:util";
import type { Properties } from "./provider.ts";

/** One differing place. */
export interface Difference {
  /** Property path, such as `keepers.version`, `triggers[0]` or `labels["app.kubernetes.io/name"]`. */
  readonly path: string;
  readonly change: "add" | "update" | "delete";
}

/** Every place where the new properties differ from the old ones, as deep as both have the same shape. */
export function differences(old: Properties, fresh: Properties): readonly Difference[] {
  return compare(old, fresh, "");
}

/** The top-level property that a path leads into: `spec.containers[0]` → `spec`. */
export function topLevel(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

function compare(old: unknown, fresh: unknown, path: string): readonly Difference[] {
  if (isDeepStrictEqual(old, fresh)) return [];
  if (old === undefined) return [{ path, change: "add" }];
  if (fresh === undefined) return [{ path, change: "delete" }];
  if (Array.isArray(old) && Array.isArray(fresh)) {
    return Array.from({ length: Math.max(old.length, fresh.length) }, (_, index) =>
      compare(old[index], fresh[index], `${path}[${index}]`),
    ).flat();
  }
  if (isBag(old) && isBag(fresh)) {
    const keys = new Set([...Object.keys(old), ...Object.keys(fresh)]);
    return [...keys].flatMap((key) => compare(old[key], fresh[key], join(path, key)));
  }
  return [{ path, change: "update" }];
}

function isBag(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
