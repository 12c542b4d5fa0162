import { systemOf } from "./system-of.ts";

/** One pod, and for a pod that does not run the reason. */
export interface PodView {
  readonly namespace: string;
  readonly name: string;
  /** The system it belongs to; empty for pods that are not the platform's. */
  readonly system: string;
  readonly node: string;
  readonly state: "running" | "pending" | "failed" | "succeeded";
  readonly reason: string;
}

/** The fields of a pod that are read here. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly {
      readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
    }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface ContainerStatus {
  readonly ready: boolean;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

/** What a report says of a pod. */
export function viewPod(pod: PodObject): PodView {
  const { name, namespace } = pod.metadata;
  return {
    namespace,
    name,
    system: systemOf(pod.metadata) ?? "",
    node: pod.spec.nodeName ?? "",
    state: stateOf(pod),
    reason: reasonOf(pod),
  };
}

/** Whether a pod has ended, so that it asks for nothing any more. */
export function isOver(pod: PodObject): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

function stateOf(pod: PodObject): PodView["state"] {
  if (pod.status?.phase === "Succeeded") return "succeeded";
  if (pod.status?.phase === "Failed") return "failed";
  const ready =
    pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  return ready ? "running" : "pending";
}

/** Why a pod does not run: what its containers wait for, else the first condition that is not met. */
function reasonOf(pod: PodObject): string {
  if (stateOf(pod) === "running" || stateOf(pod) === "succeeded") return "";
  const waiting = pod.status?.containerStatuses
    ?.map(({ state }) => state?.waiting)
    .find((state) => state !== undefined);
  if (waiting) return [waiting.reason, waiting.message].filter(Boolean).join(": ");
  const unmet = pod.status?.conditions?.find(({ status }) => status === "False");
  return unmet ? [unmet.reason, unmet.message].filter(Boolean).join(": ") : "not started yet";
}
