import { parseKubernetesQuantity } from "../../config/kubernetes-quantity.ts";
import { formatCpu, formatQuantity, type CpuQuantity, type Quantity } from "../../config/quantities.ts";
import type { Budget } from "../../config/systems.ts";
import { containerDefaults, type Resources } from "../kit/container.ts";
import {
  lockedChart,
  type ChartName,
  type LockedClaim,
  type LockedContainer,
  type LockedWorkload,
  type WorkloadKey,
} from "./lock.ts";

/** What a system's values make of one workload of a chart. */
export interface WorkloadChange {
  readonly replicas?: number;
  /** False where the values take its pods out of their nodes' network. */
  readonly hostNetwork?: false;
  /** By container name. */
  readonly containers?: Readonly<Record<string, Resources>>;
}

/** What a system's values make of one claim of a chart. */
export interface ClaimChange {
  readonly size?: Quantity;
  readonly storageClass?: string;
}

/**
 * What a system's values make of what its chart renders by default. Only Helm can render values, so budgets and simulations are told by
 * the system, from the same constants as its values.
 */
export interface Rendering<Chart extends ChartName = ChartName> {
  /** Changed workloads by `<kind>/<name>`; false for those that the values switch off. */
  readonly workloads?: Readonly<Partial<Record<WorkloadKey<Chart>, false | WorkloadChange>>>;
  /** Workloads that the values add, or that the chart's operator will create. */
  readonly added?: readonly LockedWorkload[];
  /** Changed claims by `<workload>/<claim>`; false for those that the values switch off. */
  readonly claims?: Readonly<Record<string, false | ClaimChange>>;
  /** What the namespace gives a container that says nothing, as the system's row has it. @default the kit's `containerDefaults` */
  readonly containers?: Resources;
}

/** A claim with its storage class. */
export type RenderedClaim = LockedClaim & { readonly storageClass?: string };

/** A chart's workloads and claims under a system's values. */
export interface Rendered {
  /** Every container requests and is limited in CPU and memory. */
  readonly workloads: readonly LockedWorkload[];
  readonly claims: readonly RenderedClaim[];
}

/**
 * The chart's workloads and claims under a system's values.
 *
 * @throws Error when the system speaks of a workload, container or claim that the chart does not render.
 */
export function rendered<Chart extends ChartName>(chart: Chart, rendering: Rendering<Chart> = {}): Rendered {
  const locked = lockedChart(chart);
  const changes = (rendering.workloads ?? {}) as Readonly<Record<string, false | WorkloadChange | undefined>>;
  requireKnown(chart, "workload", Object.keys(changes), Object.keys(locked.workloads));
  requireKnown(chart, "claim", Object.keys(rendering.claims ?? {}), locked.claims.map(claimKey));
  const kept = Object.entries(locked.workloads).flatMap(([key, workload]) => {
    const change = changes[key];
    return change === false ? [] : [changedWorkload(chart, workload, change)];
  });
  const workloads = [...kept, ...(rendering.added ?? [])].map((workload) =>
    bounded(workload, rendering.containers ?? containerDefaults),
  );
  const names = new Set(workloads.map(({ name }) => name));
  const claims = locked.claims
    .filter(({ workload }) => workload === undefined || names.has(workload))
    .flatMap((claim) => {
      const change = rendering.claims?.[claimKey(claim)];
      return change === false ? [] : [{ ...claim, ...change }];
    });
  return { workloads, claims };
}

/** What a chart asks of the cluster under a system's values. */
export function chartBudget<Chart extends ChartName>(chart: Chart, rendering: Rendering<Chart> = {}): Budget {
  const { workloads, claims } = rendered(chart, rendering);
  const steady = workloads.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  const everywhere = workloads.filter(({ kind }) => kind === "DaemonSet");
  const storage = claims.reduce((sum, claim) => sum + amount(claim.size) * podsOf(workloads, claim), 0);
  return {
    ...requested(steady, ({ replicas }) => replicas),
    ...(storage > 0 && { storage: formatQuantity(storage) }),
    ...(everywhere.length > 0 && { perNode: requested(everywhere, () => 1) }),
  };
}

/** The sum of several budgets, as of a system of more than one chart. */
export function sumOfBudgets(...budgets: readonly Budget[]): Budget {
  const total = (part: (budget: Budget) => string | undefined) =>
    budgets.reduce((sum, budget) => sum + amount(part(budget) ?? "0"), 0);
  const storage = total((budget) => budget.storage);
  const perNode = budgets.some((budget) => budget.perNode);
  return {
    cpu: cores(total(({ cpu }) => cpu)),
    memory: formatQuantity(total(({ memory }) => memory)),
    ...(storage > 0 && { storage: formatQuantity(storage) }),
    ...(perNode && {
      perNode: {
        cpu: cores(total((budget) => budget.perNode?.cpu)),
        memory: formatQuantity(total((budget) => budget.perNode?.memory)),
      },
    }),
  };
}

/** A claim's key: `<workload>/<claim>`, or its name alone when no workload mounts it. */
export function claimKey({ name, workload }: LockedClaim): string {
  return workload === undefined ? name : `${workload}/${name}`;
}

function requireKnown(
  chart: ChartName,
  what: string,
  keys: readonly string[],
  known: readonly string[],
): void {
  const unknown = keys.filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new Error(
    `The chart ${chart} renders no ${what} ${unknown.join(", ")}, but ${known.join(", ") || "none at all"}.`,
  );
}

function changedWorkload(
  chart: ChartName,
  workload: LockedWorkload,
  change: WorkloadChange = {},
): LockedWorkload {
  const resources = change.containers ?? {};
  const names = workload.containers.map(({ name }) => name);
  requireKnown(chart, `container of ${workload.name}`, Object.keys(resources), names);
  return {
    ...workload,
    replicas: change.replicas ?? workload.replicas,
    hostNetwork: change.hostNetwork ?? workload.hostNetwork,
    containers: workload.containers.map((container) => ({ ...container, ...resources[container.name] })),
  };
}

function bounded(workload: LockedWorkload, defaults: Resources): LockedWorkload {
  const containers = workload.containers.map((container) => boundedContainer(workload, container, defaults));
  return { ...workload, containers };
}

/** Fills in what a container does not say, as its namespace does. @throws Error when the API server would refuse what comes of it */
function boundedContainer(
  { name }: LockedWorkload,
  container: LockedContainer,
  defaults: Resources,
): LockedContainer {
  const requests = { ...container.requests };
  const limits = { ...container.limits };
  for (const resource of ["cpu", "memory"] as const) {
    requests[resource] ??= smaller(defaults.requests[resource], limits[resource]);
    limits[resource] ??= defaults.limits[resource];
    if (amount(requests[resource]) <= amount(limits[resource])) continue;
    throw new Error(
      `The container ${container.name} of ${name} requests ${requests[resource]} of ${resource}, and its limit is ${limits[resource]}: say a limit in the system's values, or the defaults of its namespace (\`containers\` of its row).`,
    );
  }
  return { ...container, requests, limits };
}

function smaller(one: string, other: string | undefined): string {
  return other !== undefined && amount(other) < amount(one) ? other : one;
}

function requested(
  workloads: readonly LockedWorkload[],
  pods: (workload: LockedWorkload) => number,
): Pick<Budget, "cpu" | "memory"> {
  const total = (resource: string) =>
    workloads.reduce(
      (sum, workload) =>
        sum +
        pods(workload) *
          workload.containers.reduce((inner, { requests }) => inner + amount(requests[resource] ?? "0"), 0),
      0,
    );
  return { cpu: cores(total("cpu")), memory: formatQuantity(total("memory")) };
}

/** A StatefulSet's claim is made once for each of its pods; any other is one volume. */
function podsOf(workloads: readonly LockedWorkload[], claim: LockedClaim): number {
  const owner = workloads.find(({ kind, name }) => kind === "StatefulSet" && name === claim.workload);
  return owner?.replicas ?? 1;
}

/** Sums of decimal fractions are off by a hair, which must not be rounded up. */
function cores(sum: number): CpuQuantity {
  return formatCpu(Math.round(sum * 1e6) / 1e3);
}

/** @throws Error when it is no quantity of Kubernetes */
function amount(quantity: string): number {
  const value = parseKubernetesQuantity(quantity);
  if (value === undefined) throw new Error(`"${quantity}" is not a quantity of Kubernetes.`);
  return value;
}
