/** Waiting until an object is what it was created for. */
import { messageOf } from "../../../errors.ts";
import { annotation, annotations, isAnnotated } from "../annotations.ts";
import type { Cluster } from "../cluster.ts";
import { groupOf } from "../immutable-fields.ts";
import { describe, type KubernetesObject } from "../manifest.ts";
import { watchObject } from "../watch.ts";
import { daemonSet } from "./daemon-set.ts";
import { customResourceDefinition, namespace, resourceQuota, secret } from "./definitions.ts";
import { deployment } from "./deployment.ts";
import { ingress } from "./ingress.ts";
import { job } from "./job.ts";
import { pod } from "./pod.ts";
import { replicationController } from "./replication-controller.ts";
import type { ReadinessRule, Verdict } from "./rule.ts";
import { service } from "./service.ts";
import { statefulSet } from "./stateful-set.ts";
import { persistentVolume, persistentVolumeClaim } from "./volumes.ts";
import { waitForRule } from "./wait-for.ts";

/** The kinds that have something to wait for, by group and kind. Every other object is ready once it exists. */
const rules: Readonly<Record<string, ReadinessRule>> = {
  "/Namespace": namespace,
  "/PersistentVolume": persistentVolume,
  "/PersistentVolumeClaim": persistentVolumeClaim,
  "/Pod": pod,
  "/ReplicationController": replicationController,
  "/ResourceQuota": resourceQuota,
  "/Secret": secret,
  "/Service": service,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
  "networking.k8s.io/Ingress": ingress,
};

/** How a wait for readiness ended. */
export interface Readiness {
  /** The object as last seen. */
  readonly live: KubernetesObject;
  /** Why it is not ready, the most important first; none when it is. */
  readonly reasons: readonly string[];
}

/** How long to wait by default, in seconds: as the official provider, unless `UAP_WORKLOAD_TIMEOUT` says otherwise. */
function defaultTimeout(): number {
  return Number(process.env.UAP_WORKLOAD_TIMEOUT ?? 600);
}

/**
 * How long to wait for an object, in milliseconds: what the resource's `customTimeouts` say, else its annotation, else ten
 * minutes, or what `UAP_WORKLOAD_TIMEOUT` says.
 *
 * @param seconds the custom timeout; 0 when there is none
 */
export function timeoutOf(object: KubernetesObject, seconds: number): number {
  if (seconds > 0) return seconds * 1000;
  const annotated = Number(annotation(object, annotations.timeoutSeconds));
  return (annotated > 0 ? annotated : defaultTimeout()) * 1000;
}

/**
 * Waits until an object is ready, has failed, or the time is up.
 *
 * @param wanted the object as the program has it; its annotations govern the wait
 * @param live the object as the server answered it
 * @param timeout in milliseconds
 * @throws UserError when the annotation `pulumi.com/waitFor` is not understood.
 */
export async function awaitReady(
  cluster: Cluster,
  wanted: KubernetesObject,
  live: KubernetesObject,
  timeout: number,
): Promise<Readiness> {
  const rule = ruleFor(wanted);
  if (rule === undefined || (await rule.isExempt?.(cluster, live)) === true) return { live, reasons: [] };
  const signal = AbortSignal.any([AbortSignal.timeout(timeout), cluster.signal]);
  let verdict: Verdict | undefined;
  const { last } = await watchObject(
    cluster,
    live,
    (seen) => {
      verdict = seen === undefined ? undefined : rule.assess(seen);
      return verdict?.state !== "waiting";
    },
    signal,
  );
  if (last === undefined)
    return { live, reasons: [`${describe(live)} was deleted while Pulumi waited for it.`] };
  const missing =
    verdict?.state === "ready"
      ? await rule.companions?.(cluster, last, signal)
      : (verdict?.reason ?? "unknown");
  if (missing === undefined) return { live: last, reasons: [] };
  const failed = verdict?.state === "failed";
  return {
    live: last,
    reasons: await explain(cluster, rule, last, ending(cluster, failed, timeout), missing),
  };
}

/** Judges an object as it is now, without waiting: why it is not ready. */
export async function assessNow(
  cluster: Cluster,
  wanted: KubernetesObject,
  live: KubernetesObject,
): Promise<readonly string[]> {
  const rule = ruleFor(wanted);
  const verdict = rule?.assess(live);
  if (verdict === undefined || verdict.state === "ready") return [];
  if ((await rule?.isExempt?.(cluster, live)) === true) return [];
  return [`${describe(live)} is not ready: ${verdict.reason}.`];
}

function ruleFor(wanted: KubernetesObject): ReadinessRule | undefined {
  if (isAnnotated(wanted, annotations.skipAwait)) return undefined;
  return waitForRule(wanted) ?? rules[`${groupOf(wanted.apiVersion)}/${wanted.kind}`];
}

function ending(cluster: Cluster, failed: boolean, timeout: number): string {
  if (failed) return "has failed";
  return cluster.signal.aborted
    ? "was not ready when the update was cancelled"
    : `was not ready after ${timeout / 1000} s`;
}

async function explain(
  cluster: Cluster,
  rule: ReadinessRule,
  live: KubernetesObject,
  how: string,
  missing: string,
): Promise<readonly string[]> {
  const first = `${describe(live)} ${how}: ${missing}.`;
  if (cluster.signal.aborted) return [first];
  try {
    return [first, ...((await rule.diagnose?.(cluster, live)) ?? [])];
  } catch (error) {
    return [first, `Its cause could not be looked up: ${messageOf(error)}`];
  }
}
