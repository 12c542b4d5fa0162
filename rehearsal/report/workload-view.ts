import type { ObjectIdentity } from "./system-of.ts";
import { systemOf } from "./system-of.ts";

/** A workload: how many of its pods should be ready, and how many are. */
export interface WorkloadView {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** The system it belongs to; empty for what is not the platform's. */
  readonly system: string;
  /** Pods; for a Job 1 until it is done, then 0. */
  readonly wanted: number;
  readonly ready: number;
  /** What its controller complains of, such as a quota that is used up; empty when it does not. */
  readonly complaint: string;
}

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "Job";

/** Where the workloads of each kind are listed. */
export const workloadLists: readonly { readonly kind: WorkloadKind; readonly path: string }[] = [
  { kind: "Deployment", path: "/apis/apps/v1/deployments" },
  { kind: "StatefulSet", path: "/apis/apps/v1/statefulsets" },
  { kind: "DaemonSet", path: "/apis/apps/v1/daemonsets" },
  { kind: "Job", path: "/apis/batch/v1/jobs" },
];

/** The fields of a workload that are read here, of any kind. */
export interface WorkloadObject {
  readonly metadata: ObjectIdentity;
  readonly spec?: { readonly replicas?: number; readonly suspend?: boolean };
  readonly status?: {
    readonly readyReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

/** What a report says of a workload. */
export function viewWorkload(kind: WorkloadKind, workload: WorkloadObject): WorkloadView {
  const { name, namespace } = workload.metadata;
  return {
    kind,
    namespace,
    name,
    system: systemOf(workload.metadata) ?? "",
    ...pods(kind, workload),
    complaint: complaintOf(workload),
  };
}

function pods(kind: WorkloadKind, { spec, status }: WorkloadObject): { wanted: number; ready: number } {
  switch (kind) {
    case "Deployment":
    case "StatefulSet":
      return { wanted: spec?.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
    case "DaemonSet":
      return { wanted: status?.desiredNumberScheduled ?? 0, ready: status?.numberReady ?? 0 };
    // A Job's pods are there to end: only one that failed is of interest, and its condition says so.
    case "Job":
      return { wanted: 0, ready: 0 };
    default:
      return kind satisfies never;
  }
}

/** Conditions that are true when something is wrong. */
const faults = new Set(["ReplicaFailure", "Failed"]);

function complaintOf({ status }: WorkloadObject): string {
  const fault = status?.conditions?.find(({ type, status: value }) => faults.has(type) && value === "True");
  return fault ? (fault.message ?? fault.type) : "";
}
