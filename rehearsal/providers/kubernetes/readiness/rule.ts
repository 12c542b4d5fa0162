import type { Cluster } from "../cluster.ts";
import type { KubernetesObject } from "../manifest.ts";
import { listAt, type Mapping } from "../values.ts";

/** How far an object has come. */
export type Verdict =
  | { readonly state: "ready" }
  /** Still under way; the reason says what is missing. */
  | { readonly state: "waiting"; readonly reason: string }
  /** Will not become ready any more. */
  | { readonly state: "failed"; readonly reason: string };

/** When an object of one kind counts as ready. */
export interface ReadinessRule {
  /** Judges an object by what it says of itself. */
  assess(object: KubernetesObject): Verdict;
  /** Tells that there is nothing to wait for in this cluster. @default false */
  isExempt?(cluster: Cluster, object: KubernetesObject): Promise<boolean>;
  /** Waits for other objects that belong to a ready one; a reason when they did not come. */
  companions?(cluster: Cluster, object: KubernetesObject, signal: AbortSignal): Promise<string | undefined>;
  /** What a person should know when the wait was in vain: which pods are pending, and why. */
  diagnose?(cluster: Cluster, object: KubernetesObject): Promise<readonly string[]>;
}

export const ready: Verdict = { state: "ready" };

export function waiting(reason: string): Verdict {
  return { state: "waiting", reason };
}

export function failed(reason: string): Verdict {
  return { state: "failed", reason };
}

/** One of an object's status conditions. */
export function conditionOf(object: unknown, type: string): Mapping | undefined {
  return listAt(object, "status", "conditions").find((condition) => condition.type === type);
}

/** Tells whether a controller has seen the latest version of an object's spec. */
export function isObserved(object: KubernetesObject): boolean {
  const status = object.status as { readonly observedGeneration?: number } | undefined;
  return (status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
}

/** A condition's reason and message in one line. */
export function explainCondition(condition: Mapping | undefined, otherwise: string): string {
  const parts = [condition?.reason, condition?.message].filter((part) => typeof part === "string");
  return parts.length === 0 ? otherwise : parts.join(": ");
}
