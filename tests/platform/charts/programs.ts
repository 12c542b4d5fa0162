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

/** All systems that are built, in groups without a conflict, each with what it needs; those that ask for more than that by themselves. */
function compatibleGroups(): SystemName[][] {
  const names = (Object.keys(catalogue) as SystemName[]).filter((name) => !rowOf(name).planned);
  const byDemand = Map.groupBy(names, asksForMore);
  return [...byDemand.values()].flatMap(groupsOf);
}

function asksForMore(name: SystemName): boolean {
  const row = rowOf(name);
  return !row.planned && row.requires !== undefined;
}

function groupsOf(names: readonly SystemName[]): SystemName[][] {
  const groups: SystemName[][] = [];
  for (const name of names) {
    const wanted = withNeeds(name);
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

/** Of one's own, with all that a system may ask of a configuration. */
const ownCluster = {
  "uap:domain": "example.org",
  "uap:acme": { issuer: "self-signed" },
  "uap:cluster": { kind: "k3s", network: "kilo" },
  "uap:pools": [
    { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx32", role: "control-plane" },
    {
      name: "worker",
      cloud: "hetzner",
      region: "nbg1",
      type: "big",
      count: 30,
      gpu: "nvidia",
      arch: "amd64",
      size: { cpu: "32", memory: "128Gi", disk: "2000Gi" },
    },
  ],
  "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
  "uap:backup": {
    s3: { endpoint: "https://s3.example.org", bucket: "backups", accessKey: "key", secretKey: "secret" },
  },
};

function bigCluster(systems: readonly SystemName[], size: Size): Record<string, unknown> {
  const existing = { kind: "existing", nodes: { count: 30, cpu: "32", memory: "128Gi", disk: "2000Gi" } };
  return {
    ...(systems.some(asksForMore) ? ownCluster : { "uap:cluster": existing }),
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
