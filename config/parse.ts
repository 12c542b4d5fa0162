import type { z } from "zod";

import { explain, noMessage } from "./explain.ts";
import { at } from "./keys.ts";
import type { Finding, Path } from "./problems.ts";
import { formatPath } from "./problems.ts";

/** What came of reading one part of the configuration. */
export interface Parsed<Value> {
  /** The value, made whole where that was possible; nothing when the part cannot be read at all. */
  readonly value: Value | undefined;
  readonly findings: readonly Finding[];
  /** The places whose value is not what the user meant; later checks must not judge by them. */
  readonly unsound: readonly Path[];
}

/** Each round mends at least one place; nobody makes more mistakes than this behind each other. */
const mostRounds = 8;

/**
 * Reads one part, and goes on after a mistake to find the ones behind it: a mistyped word or key is read as the one that was
 * probably meant, a strange key is passed over, and another wrong value counts as left out (and its place as unsound).
 * `root` is the part's own place in the configuration.
 */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  root: Path,
): Parsed<z.output<Schema>> {
  const candidate = structuredClone(raw);
  const findings = new Map<string, Finding>();
  const unsound: Path[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const result = schema.safeParse(candidate, { error: () => noMessage });
    if (result.success) return { value: result.data, findings: [...findings.values()], unsound };
    const found = result.error.issues.flatMap((issue) => explain(issue, schema, candidate));
    // A mistyped key makes the right key missing too: the first is told, and the second never is.
    const renamed = found.filter((finding) => finding.meantKey !== undefined);
    const fresh = (renamed.length > 0 ? renamed : found).filter(
      (finding) => !findings.has(formatPath(finding.path)),
    );
    if (fresh.length === 0) break;
    for (const finding of fresh) {
      findings.set(formatPath(finding.path), { ...finding, path: [...root, ...finding.path] });
      const lost = mend(candidate, finding);
      if (lost) unsound.push([...root, ...lost]);
    }
  }
  return { value: undefined, findings: [...findings.values()], unsound: [...unsound, root] };
}

/** Mends the place of a finding in `candidate`; returns the place when its meaning is lost by that. */
function mend(candidate: unknown, { path, value, suggestion, meantKey }: Finding): Path | undefined {
  if (meantKey !== undefined) put(candidate, [...path.slice(0, -1), meantKey], path.reduce(at, candidate));
  if (suggestion !== undefined) {
    put(candidate, path, suggestion);
    return undefined;
  }
  const key = path.findLastIndex((step) => typeof step === "string");
  const place = path.slice(0, key + 1);
  const holder = place.slice(0, -1).reduce(at, candidate);
  const last = place.at(-1);
  if (last === undefined || typeof holder !== "object" || holder === null) return place;
  Reflect.deleteProperty(holder, last);
  return value === undefined ? undefined : place;
}

function put(candidate: unknown, path: Path, value: unknown): void {
  const holder = path.slice(0, -1).reduce(at, candidate);
  const last = path.at(-1);
  if (last !== undefined && typeof holder === "object" && holder !== null) Reflect.set(holder, last, value);
}
