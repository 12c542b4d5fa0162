import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { sizes, type Size } from "../../../config/systems.ts";
import { rowOf, type SystemName, catalogue } from "../../../platform/catalogue.ts";
import type { ChartName } from "../../../platform/charts/lock.ts";
import { listStacks } from "../../../rehearsal/engine/stacks.ts";
import { runProgram, type MockResource } from "../../support/mock-engine.ts";
import { isCustom, type CustomObject } from "./custom-objects.ts";

/** What a program asks Helm to render. */
export interface UsedChart {
  /** Which program: a stack's name, or systems and their size. */
  readonly where: string;
  readonly chart: ChartName;
  readonly values: unknown;
}

/** What all programs together ask for. */
export interface Programs {
  readonly charts: readonly UsedChart[];
  readonly objects: readonly { readonly where: string; readonly object: CustomObject }[];
}

let all: Promise<Programs> | undefined;

/** Every stack of the project, and every system that is built in every size, by their program alone. */
export function allPrograms(): Promise<Programs> {
  all ??= runAll();
  return all;
}

async function runAll(): Promise<Programs> {
  const runs: { where: string; resources: readonly MockResource[] }[] = [];
  for (const stack of await listStacks()) {
    const file = await readFile(new URL(`../../../Pulumi.${stack}.yaml`, import.meta.url), "utf8");
    const { config } = parse(file) as { config: Record<string, unknown> };
    runs.push({ where: stack, resources: (await runProgram(stack, config)).resources });
  }
  for (const systems of compatibleGroups()) {
    for (const size of sizes) {
      const where = `${systems.join(", ")} (${size})`;
      runs.push({ where, resources: (await runProgram("local", bigCluster(systems, size))).resources });
    }
  }
  return { charts: runs.flatMap(chartsOf), objects: runs.flatMap(objectsOf) };
}

/** All systems that are built, in groups without a conflict, each with what it needs. */
function compatibleGroups(): SystemName[][] {
  const groups: SystemName[][] = [];
  for (const name of Object.keys(catalogue) as (keyof typeof catalogue)[]) {
    const row = rowOf(name);
    if (row.planned) continue;
    const wanted = withNeeds(name as SystemName);
    const group = groups.find((candidate) =>
      wanted.every((one) => candidate.every((other) => agree(one, other))),
    );
    if (group) group.push(...wanted.filter((one) => !group.includes(one)));
    else groups.push(wanted);
  }
  return groups;
}

function withNeeds(name: SystemName): SystemName[] {
  const row = rowOf(name);
  const needs = row.planned ? [] : row.needs.flatMap((need) => withNeeds(need as SystemName));
  return [...new Set([...needs, name])];
}

function agree(one: SystemName, other: SystemName): boolean {
  const excludes = (a: SystemName, b: SystemName) => {
    const row = rowOf(a);
    return !row.planned && row.conflicts.includes(b);
  };
  return !excludes(one, other) && !excludes(other, one);
}

function bigCluster(systems: readonly SystemName[], size: Size): Record<string, unknown> {
  return {
    "uap:cluster": { kind: "existing", nodes: { count: 30, cpu: "32", memory: "128Gi", disk: "2000Gi" } },
    "uap:platform": {
      preset: "minimal",
      size,
      systems: { portal: false, ...Object.fromEntries(systems.map((name) => [name, true])) },
    },
  };
}

function chartsOf({ resources, where }: { where: string; resources: readonly MockResource[] }): UsedChart[] {
  return resources
    .filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart")
    .map(({ inputs, name }) => ({ where, chart: name as ChartName, values: revealed(inputs.values ?? {}) }));
}

function objectsOf({
  resources,
  where,
}: {
  where: string;
  resources: readonly MockResource[];
}): Programs["objects"][number][] {
  return resources.flatMap(({ inputs, type }) => {
    if (!type.startsWith("kubernetes:")) return [];
    const object = revealed(inputs) as CustomObject;
    return typeof object.apiVersion === "string" && isCustom(object) ? [{ where, object }] : [];
  });
}

/** The engine's mark of a secret. */
const signature = "4dabf18193072939515e22adb298388d";

/** Secrets in clear. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "value" in value) return revealed(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
