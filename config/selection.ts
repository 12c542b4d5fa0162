import { unknownWord } from "./explain.ts";
import { parse } from "./parse.ts";
import { presets } from "./presets.ts";
import type { Preset } from "./presets.ts";
import type { Finding, Path } from "./problems.ts";
import type { BuiltSystem, EnabledSystems, Size, SystemRules } from "./systems.ts";

/** What the stack says about its systems. */
export interface Wishes {
  /** The preset; unknown when what the user wrote names none, so that nobody can say what is missing beside it. */
  readonly preset: Preset | undefined;
  /** Systems that follow from the cluster's shape. */
  readonly ofCluster: readonly string[];
  readonly size: Size;
  /** `uap:platform.systems`, unread: `true`, `false` or options, by name. */
  readonly systems: Readonly<Record<string, unknown>>;
}

/** The systems that come of it. */
export interface Selection<Rules extends SystemRules> {
  readonly systems: EnabledSystems<Rules>;
  /** The names of the systems that are on and built, also of those whose options are wrong. */
  readonly enabled: readonly string[];
  readonly skipped: readonly string[];
  readonly findings: readonly Finding[];
  /** The places of options whose value is not what the user meant. */
  readonly unsound: readonly Path[];
}

const root: Path = ["platform", "systems"];

/** Switches on what the preset, the cluster's shape and the user ask for, and checks that it goes together. */
export function selectSystems<Rules extends SystemRules>(wishes: Wishes, rules: Rules): Selection<Rules> {
  const { named, findings: misnamed } = resolveNames(wishes.systems, rules);
  const preset = new Set<string>([...(wishes.preset ? presets[wishes.preset] : []), ...wishes.ofCluster]);
  const isOn = (name: string) => (Object.hasOwn(named, name) ? named[name] !== false : preset.has(name));
  // In the order of the catalogue, so that the order of a user's lines never changes the program.
  const enabled = Object.entries(rules).filter(([name]) => isOn(name));
  const built = enabled.flatMap(([name, row]) => (row.planned ? [] : [[name, row] as const]));
  const planned = enabled.filter(([, row]) => row.planned).map(([name]) => name);

  const options = built.map(([name, row]) => ({ name, ...readOptions(name, named[name], row, wishes.size) }));
  const surroundings = { named, isOn, wishes, rules };
  const findings = [
    ...misnamed,
    ...planned.filter((name) => Object.hasOwn(named, name)).map((name) => notBuilt(name, named[name])),
    ...options.flatMap((system) => system.findings),
    ...built.flatMap(([name, row]) => needsOf(name, row, surroundings)),
    ...built.flatMap(([name, row]) => conflictsOf(name, row, surroundings)),
  ];
  return {
    // Each entry was parsed by the schema of its own row; TypeScript cannot follow that through a list.
    systems: Object.fromEntries(options.map(({ name, value }) => [name, value])) as EnabledSystems<Rules>,
    enabled: built.map(([name]) => name),
    skipped: planned.filter((name) => !Object.hasOwn(named, name)),
    findings,
    unsound: options.flatMap((system) => system.unsound),
  };
}

/** What the user said, by names of the catalogue; a mistyped name counts as the one that was probably meant. */
function resolveNames(systems: Readonly<Record<string, unknown>>, rules: SystemRules) {
  const named: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const [name, value] of Object.entries(systems)) {
    if (Object.hasOwn(rules, name)) {
      named[name] = value;
      continue;
    }
    const finding = unknownWord("system", name, root, Object.keys(rules));
    findings.push(finding);
    if (finding.meantKey !== undefined) named[finding.meantKey] ??= value;
  }
  return { named, findings };
}

function readOptions(name: string, said: unknown, row: BuiltSystem, size: Size) {
  const path = [...root, name];
  if (
    said !== undefined &&
    said !== true &&
    (typeof said !== "object" || said === null || Array.isArray(said))
  ) {
    const fix = `Write \`${name}: true\`, \`${name}: false\`, or a map of its options.`;
    return {
      value: undefined,
      findings: [{ path, value: said, reason: "does not say whether the system is on.", fix }],
      unsound: [path],
    };
  }
  const { value, ...rest } = parse(row.options, said === true ? {} : (said ?? {}), path);
  return { value: value && { ...value, size: value.size ?? size }, ...rest };
}

function notBuilt(name: string, value: unknown): Finding {
  return { path: [...root, name], value, reason: "is planned, not built yet.", fix: "Remove it." };
}

interface Surroundings {
  readonly named: Readonly<Record<string, unknown>>;
  readonly isOn: (name: string) => boolean;
  readonly wishes: Wishes;
  readonly rules: SystemRules;
}

function needsOf(name: string, { needs }: BuiltSystem, surroundings: Surroundings): Finding[] {
  const { named, isOn, rules, wishes } = surroundings;
  if (wishes.preset === undefined) return [];
  return needs
    .filter((needed) => !isOn(needed) || rules[needed]?.planned)
    .map((needed) => {
      const path = [...root, name];
      const without = Object.hasOwn(named, name) ? `remove ${name}` : `write \`${name}: false\``;
      if (rules[needed]?.planned) {
        return {
          path,
          reason: `needs ${needed}, which is planned, not built yet.`,
          fix: `For now, ${without}.`,
        };
      }
      if (named[needed] === false) {
        const reason = `is off, but ${name}${origin(name, surroundings)} needs it.`;
        return { path: [...root, needed], value: false, reason, fix: `Remove this line, or ${without} too.` };
      }
      const fix = `Add \`${needed}: true\` under uap:platform.systems, or ${without}.`;
      return { path, reason: `needs ${needed}.`, fix };
    });
}

/** Each pair once: a conflict that both rows name is told by the first. */
function conflictsOf(name: string, row: BuiltSystem, surroundings: Surroundings): Finding[] {
  const { named, isOn, rules } = surroundings;
  const { conflicts = [] } = row;
  const order = Object.keys(rules);
  return conflicts
    .filter((other) => isOn(other) && !rules[other]?.planned)
    .filter((other) => order.indexOf(name) < order.indexOf(other) || !conflictsWith(rules[other], name))
    .map((other) => {
      const [mine, theirs] = Object.hasOwn(named, name) ? [name, other] : [other, name];
      return {
        path: [...root, mine],
        reason: `and ${theirs}${origin(theirs, surroundings)} exclude each other.`,
        fix: `Write \`${theirs}: false\` or \`${mine}: false\` under uap:platform.systems.`,
      };
    });
}

function conflictsWith(row: SystemRules[string] | undefined, name: string): boolean {
  return row !== undefined && !row.planned && row.conflicts?.includes(name) === true;
}

/** Why a system is on that the user did not name. */
function origin(name: string, { named, wishes }: Surroundings): string {
  if (Object.hasOwn(named, name)) return "";
  return wishes.ofCluster.includes(name)
    ? " (from the cluster's shape)"
    : ` (of the preset ${wishes.preset ?? "unknown"})`;
}
