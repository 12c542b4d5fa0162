import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { KubernetesApi } from "../kubernetes-api.ts";
import { firstPause, nextPause } from "../readiness/pauses.ts";
import { hasToMove, isReady, nodeListSchema, podListSchema, type Node, type Pod } from "./objects.ts";
import { ask } from "./steady-api.ts";

/** A pod that stayed, and why. */
export interface Stayed {
  /** As `namespace/name`. */
  readonly pod: string;
  readonly reason: string;
}

/**
 * Moves the pods of a cordoned node elsewhere, no faster than their PodDisruptionBudgets allow. It gives up when the time is over, and at once
 * when no other node takes pods: then evicting them helps nobody.
 *
 * @returns the pods that are still there.
 */
export async function drain(api: KubernetesApi, node: Node, seconds: number): Promise<readonly Stayed[]> {
  const deadline = performance.now() + seconds * 1000;
  let remaining = Infinity;
  for (let milliseconds = firstPause; ; milliseconds = nextPause(milliseconds)) {
    const pods = await podsToMove(api, node);
    if (pods.length === 0) return [];
    if (!(await othersTakePods(api, node))) return stayed(pods, () => "no other node takes pods");
    const refusals = await evictAll(api, pods);
    const left = deadline - performance.now();
    if (left <= 0) return stayed(pods, ({ metadata }) => refusals.get(metadata.uid) ?? "is still ending");
    // As long as pods move, the next one may soon.
    if (pods.length < remaining) milliseconds = firstPause;
    remaining = pods.length;
    await pause(Math.min(milliseconds, left));
  }
}

async function podsToMove(api: KubernetesApi, node: Node): Promise<readonly Pod[]> {
  const query = `fieldSelector=spec.nodeName%3D${node.metadata.name}`;
  const { items } = podListSchema.parse(JSON.parse((await ask(api, `/api/v1/pods?${query}`)).body));
  // Nobody ends the pods of a dead machine: they go with their node.
  const isWaitedFor = ({ metadata }: Pod) => isReady(node) || metadata.deletionTimestamp === undefined;
  return items.filter(hasToMove).filter(isWaitedFor);
}

async function othersTakePods(api: KubernetesApi, { metadata: { name } }: Node): Promise<boolean> {
  const { items } = nodeListSchema.parse(JSON.parse((await ask(api, "/api/v1/nodes")).body));
  return items.some((node) => node.metadata.name !== name && !node.spec.unschedulable && isReady(node));
}

/** @returns why pods were not evicted, by their uid. */
async function evictAll(api: KubernetesApi, pods: readonly Pod[]): Promise<ReadonlyMap<string, string>> {
  const refusals = new Map<string, string>();
  for (const pod of pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
    const refusal = await evict(api, pod);
    if (refusal !== undefined) refusals.set(pod.metadata.uid, refusal);
  }
  return refusals;
}

/** @returns why the API server refuses. */
async function evict(api: KubernetesApi, { metadata }: Pod): Promise<string | undefined> {
  const { name, namespace, uid } = metadata;
  const { status, body } = await ask(api, `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
    method: "POST",
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
      // A StatefulSet may have made a pod of the same name elsewhere by now.
      deleteOptions: { preconditions: { uid } },
    },
    accepted: [403, 404, 409, 429, 500],
  });
  const isGone = status === 404 || status === 409;
  return status < 300 || isGone ? undefined : reasonOf(body);
}

const statusSchema = z.object({
  message: z.string(),
  details: z.object({ causes: z.array(z.object({ message: z.string() })).default([]) }).optional(),
});

/** The API server's own words; of a budget, the cause names it. */
function reasonOf(body: string): string {
  const { message, details } = statusSchema.parse(JSON.parse(body));
  return details?.causes[0]?.message ?? message;
}

function stayed(pods: readonly Pod[], reason: (pod: Pod) => string): readonly Stayed[] {
  return pods.map((pod) => ({ pod: `${pod.metadata.namespace}/${pod.metadata.name}`, reason: reason(pod) }));
}
