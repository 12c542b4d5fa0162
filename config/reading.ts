import { unknownWord } from "./explain.ts";
import { parse } from "./parse.ts";
import type { Finding, Path } from "./problems.ts";
import type { PoolEntry, SectionName, Sections } from "./sections/index.ts";
import { emptySections, sectionNames, sectionSchemas } from "./sections/index.ts";
import { poolSchema } from "./sections/pools.ts";

/** The keys of the project's namespace with their values, unread. */
export type RawConfiguration = Readonly<Record<string, unknown>>;

/** What came of reading the sections. */
export interface Reading {
  /** Every section that is not unsound; a section that could not be read is missing, whatever the type says. */
  readonly sections: Sections;
  readonly findings: readonly Finding[];
  /** The places whose value is not what the user meant. */
  readonly unsound: readonly Path[];
}

/** Reads every section by itself, so that a mistake in one hides none in another. */
export function readSections(raw: RawConfiguration): Reading {
  const { known, findings: strange } = resolveKeys(raw);
  const names = Object.keys(sectionSchemas) as SectionName[];
  const parsed = names.map((name) => ({
    name,
    ...parse(sectionSchemas[name], prepare(name, known[name]), [name]),
  }));
  const pools = readPools(known.pools);
  const sections = {
    ...Object.fromEntries(parsed.map(({ name, value }) => [name, value])),
    pools: pools.entries,
    given: new Set(Object.keys(known)),
  };
  return {
    // Each value was parsed by the schema of its own name; TypeScript cannot follow that through a list.
    sections: sections as unknown as Sections,
    findings: [...strange, ...parsed.flatMap(({ findings }) => findings), ...pools.findings],
    unsound: [...parsed.flatMap(({ unsound }) => unsound), ...pools.unsound],
  };
}

/** A mistyped key is read as the section that was probably meant. */
function resolveKeys(raw: RawConfiguration): { known: Record<string, unknown>; findings: Finding[] } {
  const known: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (sectionNames.includes(key)) known[key] = value;
    else findings.push(unknownWord("key", key, [], sectionNames));
  }
  for (const { path, meantKey } of findings) {
    if (meantKey !== undefined && !(meantKey in raw)) known[meantKey] ??= raw[String(path[0])];
  }
  return { known, findings };
}

/** An absent section is read as an empty one; a cluster is created unless it says otherwise. */
function prepare(name: SectionName, value: unknown): unknown {
  const present = value ?? emptySections[name];
  const isMap = typeof present === "object" && present !== null && !Array.isArray(present);
  return name === "cluster" && isMap && !("kind" in present) ? { kind: "k3s", ...present } : present;
}

/** Each pool by itself, for the same reason. */
function readPools(raw: unknown): { entries: PoolEntry[]; findings: Finding[]; unsound: Path[] } {
  if (raw === undefined || raw === null) return { entries: [], findings: [], unsound: [] };
  if (!Array.isArray(raw)) {
    const finding = {
      path: ["pools"],
      value: raw,
      reason: "is not a list.",
      fix: "Write a list of pools, each with name and cloud.",
    };
    return { entries: [], findings: [finding], unsound: [["pools"]] };
  }
  const parsed = raw.map((pool: unknown, index) => ({ index, ...parse(poolSchema, pool, ["pools", index]) }));
  return {
    entries: parsed.flatMap(({ index, value }) => (value === undefined ? [] : [{ index, pool: value }])),
    findings: parsed.flatMap(({ findings }) => findings),
    unsound: parsed.flatMap(({ unsound }) => unsound),
  };
}
