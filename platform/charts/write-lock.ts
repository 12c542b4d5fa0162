/** Writes `platform/charts.lock.json` from a folder of facts on charts: `node platform/charts/write-lock.ts <folder>`. */
import { writeFileSync } from "node:fs";
import { chartsIn, readDefinitions, readFacts, type ChartFacts, type Definition } from "./facts-folder.ts";
import type { ChartsLock, LockedChart, LockedClaim, LockedContainer, LockedWorkload } from "./lock.ts";

/** Where the lock lies. */
export const lockLocation = new URL("../charts.lock.json", import.meta.url);

/** The lock of all charts that a folder has facts on. */
export function lockOf(folder: string): ChartsLock {
  const charts = chartsIn(folder).map(
    (name) => [name, lockChart(readFacts(folder, name), readDefinitions(folder, name))] as const,
  );
  return { charts: Object.fromEntries(charts) };
}

/** The lock file's text: one line a chart's property would be unreadable, so it is indented like all JSON here. */
export function lockText(lock: ChartsLock): string {
  return `${JSON.stringify(lock, null, 1)}\n`;
}

/** What the lock keeps of a chart's facts. Helm's hooks are left out: the engine knows none. */
export function lockChart(facts: ChartFacts, definitions: readonly Definition[]): LockedChart {
  const workloads = facts.workloads.filter(({ hook }) => hook === undefined).map(lockWorkload);
  return {
    ...(facts.chart !== undefined && { chart: facts.chart }),
    version: facts.version,
    appVersion: facts.appVersion,
    repository: facts.repository,
    images: facts.images,
    workloads: Object.fromEntries(
      workloads.map((workload) => [`${workload.kind}/${workload.name}`, workload]),
    ),
    services: Object.fromEntries(facts.services.map((service) => [service.name, lockService(service)])),
    webhooks: facts.webhooks,
    claims: facts.storage.map((claim) => lockClaim(claim, workloads)),
    definitions: Object.fromEntries(definitions.map((one) => [one.metadata.name, lockDefinition(one)])),
    kinds: Object.fromEntries(definitions.flatMap(kindsOf)),
  };
}

function lockWorkload(workload: ChartFacts["workloads"][number]): LockedWorkload {
  const serviceAccount = workload.serviceAccountName ?? workload.serviceAccount;
  return {
    kind: workload.kind,
    name: workload.name,
    replicas: workload.replicas ?? 1,
    containers: workload.containers.map(lockContainer),
    hostNetwork: workload.hostNetwork ?? false,
    privileged: workload.privileged ?? false,
    ...(typeof serviceAccount === "string" && { serviceAccount }),
  };
}

function lockContainer(container: ChartFacts["workloads"][number]["containers"][number]): LockedContainer {
  return {
    name: container.name,
    image: container.image,
    requests: container.requests ?? {},
    limits: container.limits ?? {},
    ports: (container.ports ?? []).flatMap(({ containerPort, ...port }) =>
      containerPort === undefined ? [] : [{ ...described(port), containerPort }],
    ),
  };
}

function lockService(service: ChartFacts["services"][number]): LockedChart["services"][string] {
  const { type, headless, namespace } = service;
  return {
    type,
    headless: headless ?? false,
    ports: service.ports.flatMap(({ port, ...rest }) =>
      port === undefined ? [] : [{ ...described(rest), port }],
    ),
    ...(namespace === "kube-system" && { namespace }),
  };
}

function described({
  name,
  protocol,
}: {
  name?: string | null | undefined;
  protocol?: string | null | undefined;
}) {
  return {
    ...(typeof name === "string" && { name }),
    ...(typeof protocol === "string" && protocol !== "TCP" && { protocol }),
  };
}

/** Facts name a claim of a StatefulSet `<workload>/<claim>` or `<claim> (volumeClaimTemplate of <workload>)`; others begin like their workload. */
function lockClaim(claim: ChartFacts["storage"][number], workloads: readonly LockedWorkload[]): LockedClaim {
  const [, template, owner] = /^(\S+) \(volumeClaimTemplate of (\S+)\)$/.exec(claim.name) ?? [];
  const [, pathOwner, path] = /^(\S+)\/(\S+)$/.exec(claim.name) ?? [];
  const name = template ?? path ?? claim.name;
  const workload =
    claim.workload ??
    owner ??
    pathOwner ??
    nearest(
      name,
      workloads.map((candidate) => candidate.name),
    );
  return {
    name,
    size: claim.size,
    accessModes: claim.accessModes ?? ["ReadWriteOnce"],
    ...(workload !== undefined && { workload }),
  };
}

/** The longest of the names that a text begins with. */
function nearest(text: string, names: readonly string[]): string | undefined {
  return names
    .filter((name) => text === name || text.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length)[0];
}

function lockDefinition({ spec }: Definition): LockedChart["definitions"][string] {
  const { group, names, scope, versions } = spec;
  return {
    group,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    scope,
    versions: versions.map(({ name, served, storage }) => ({ name, served, storage })),
  };
}

function kindsOf({ metadata, spec }: Definition): [string, string][] {
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name }) => [`${spec.group}/${name}/${spec.names.kind}`, metadata.name]);
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    console.error("Say which folder holds the facts: node platform/charts/write-lock.ts <folder>");
    process.exitCode = 1;
  } else {
    writeFileSync(lockLocation, lockText(lockOf(folder)));
  }
}
