import { rowOf, type SystemName } from "../../platform/catalogue.ts";
import type { Layer } from "../../platform/kit/labels.ts";
import type { PodView } from "./pod-view.ts";
import type { ResourceView } from "./resource-view.ts";
import type { WorkloadView } from "./workload-view.ts";

/** How a system is: `down` when one of its workloads has no ready pod at all. */
export type Health = "healthy" | "degraded" | "down";

/** A system with workloads, as the cluster shows it. */
export interface SystemView {
  readonly system: SystemName;
  readonly layer: Layer;
  readonly health: Health;
  /** Ready pods of all its workloads. */
  readonly ready: number;
  /** Pods that its workloads should have. */
  readonly wanted: number;
  /** What is wrong, each with its object; empty when it is healthy. */
  readonly problems: readonly string[];
}

/** What the cluster tells, of all systems. */
export interface Observed {
  readonly workloads: readonly WorkloadView[];
  readonly pods: readonly PodView[];
  /** Custom resources of the platform, with what their operators say of them. */
  readonly resources: readonly ResourceView[];
}

/** The health of every system that has workloads, in the order of the catalogue. */
export function viewSystems(order: readonly SystemName[], observed: Observed): SystemView[] {
  return order.flatMap((system) => {
    const own = ofSystem(system, observed);
    return own.workloads.length + own.resources.length === 0 ? [] : [viewSystem(system, own)];
  });
}

function ofSystem(system: SystemName, { workloads, pods, resources }: Observed): Observed {
  const isOwn = (item: { readonly system: string }): boolean => item.system === system;
  return {
    workloads: workloads.filter(isOwn),
    pods: pods.filter(isOwn),
    resources: resources.filter(isOwn),
  };
}

function viewSystem(system: SystemName, { workloads, pods, resources }: Observed): SystemView {
  const problems = [
    ...workloads.flatMap((workload) => problemOf(workload, pods)),
    ...resources.flatMap(({ kind, name, complaint }) =>
      complaint === "" ? [] : [`${kind} ${name}: ${complaint}`],
    ),
  ];
  const isDown = workloads.some(({ wanted, ready }) => wanted > 0 && ready === 0);
  return {
    system,
    layer: rowOf(system).layer,
    health: isDown ? "down" : problems.length > 0 ? "degraded" : "healthy",
    ready: sum(workloads.map(({ wanted, ready }) => Math.min(wanted, ready))),
    wanted: sum(workloads.map(({ wanted }) => wanted)),
    problems,
  };
}

/** Why a workload is not as it should be: what its controller says, else what its first pod waits for. */
function problemOf(workload: WorkloadView, pods: readonly PodView[]): string[] {
  const { kind, name, wanted, ready, complaint } = workload;
  if (ready >= wanted) return complaint === "" ? [] : [`${kind} ${name}: ${complaint}`];
  const waiting = pods.find(
    (pod) => pod.namespace === workload.namespace && pod.name.startsWith(`${name}-`) && pod.reason !== "",
  );
  const reason = complaint || (waiting ? `${waiting.name}: ${waiting.reason}` : "it has no pods yet");
  return [`${kind} ${name}: ${ready} of ${wanted} ready: ${reason}`];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
