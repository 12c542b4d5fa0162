import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { sizes, type Size } from "../../config/systems.ts";
import { catalogue, rowOf, type SystemName } from "../../platform/catalogue.ts";
import { listStacks } from "../../rehearsal/engine/stacks.ts";

/** A configuration that the program is run with. */
export interface ProgramConfiguration {
  /** What it is: a stack's name, or systems and their size. */
  readonly where: string;
  readonly stack: string;
  /** By full key, as in Pulumi.<stack>.yaml. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** The configuration of a stack of the project. */
export async function configurationOfStack(stack: string): Promise<Record<string, unknown>> {
  const file = await readFile(new URL(`../../Pulumi.${stack}.yaml`, import.meta.url), "utf8");
  return (parse(file) as { config: Record<string, unknown> }).config;
}

/** A cluster that has no ingress controller, so that the platform brings one. */
export const ownIngress: ProgramConfiguration = {
  where: "an ingress controller of the platform's own",
  stack: "local",
  config: {
    "uap:domain": "example.org",
    "uap:cluster": {
      kind: "existing",
      ingress: "install",
      nodes: { count: 3, cpu: "8", memory: "32Gi", disk: "200Gi" },
    },
    "uap:platform": { preset: "minimal", systems: { monitoring: true } },
  },
};

/** Nodes in two places whose private addresses do not reach each other. */
export const farNodes: ProgramConfiguration = {
  where: "nodes in two places, with a mesh of pods alone",
  stack: "dev5",
  config: {
    "uap:domain": "example.org",
    "uap:cluster": { kind: "k3s", network: "wireguard" },
    "uap:pools": [
      { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx42", role: "control-plane" },
      { name: "worker", cloud: "hetzner", region: "sin", type: "cpx42", count: 2, ingress: true },
    ],
    "uap:acme": { issuer: "self-signed" },
    "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
    "uap:platform": { preset: "minimal", systems: { monitoring: true } },
  },
};

/**
 * Every stack of the project, and configurations that together have every system that is built.
 *
 * @param asked sizes of the latter
 */
export async function everyConfiguration(asked: readonly Size[] = sizes): Promise<ProgramConfiguration[]> {
  const stacks = (await listStacks()).map(async (stack) => ({
    where: stack,
    stack,
    config: await configurationOfStack(stack),
  }));
  const groups = compatibleGroups().flatMap((systems) =>
    asked.map((size) => ({
      where: `${systems.join(", ")} (${size})`,
      stack: "local",
      config: bigCluster(systems, size),
    })),
  );
  return [...(await Promise.all(stacks)), ...groups];
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
    return !row.planned && row.conflicts?.includes(b) === true;
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

/** Volumes and objects that are saved to a service elsewhere. */
export const savedElsewhere: ProgramConfiguration = {
  where: "backups of Longhorn and a copy of the object store",
  stack: "dev5",
  config: {
    ...ownCluster,
    "uap:platform": {
      preset: "minimal",
      systems: { longhorn: true, monitoring: true, "object-store": { copy: "mirror" } },
    },
  },
};

/** What systems cannot be switched on without. */
const neededOptions: Readonly<Partial<Record<SystemName, object>>> = { nfs: { server: "nfs.example.org" } };

function bigCluster(systems: readonly SystemName[], size: Size): Record<string, unknown> {
  const existing = { kind: "existing", nodes: { count: 30, cpu: "32", memory: "128Gi", disk: "2000Gi" } };
  return {
    ...(systems.some(asksForMore) ? ownCluster : { "uap:cluster": existing }),
    "uap:platform": {
      preset: "minimal",
      size,
      systems: {
        portal: false,
        ...Object.fromEntries(systems.map((name) => [name, neededOptions[name] ?? true])),
      },
    },
  };
}
