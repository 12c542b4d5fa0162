/** Deleting an object, and waiting until it is gone. */
import { UserError } from "../../errors.ts";
import { hasStatus, UnreachableError } from "../../kubernetes/kubernetes-error.ts";
import type { DeleteRequest } from "../protocol/provider.ts";
import { annotation, annotations, isAnnotated } from "./annotations.ts";
import { apply, explained, managerFor } from "./apply.ts";
import { UnknownKindError, type Cluster } from "./cluster.ts";
import type { Configuration } from "./configuration.ts";
import { openStorage } from "./definition-storage.ts";
import { groupOf } from "./immutable-fields.ts";
import { describe, identified, isPatch, managerOf, toManifest, type KubernetesObject } from "./manifest.ts";
import { timeoutOf } from "./readiness/index.ts";
import { listAt, textAt } from "./values.ts";
import { watchObject } from "./watch.ts";

/** Kinds whose deletion is not waited for when `pulumi.com/skipAwait` says so. The official provider's. */
const skippable = [
  ...["/Namespace", "/Pod", "/ReplicationController"],
  ...["apps/DaemonSet", "apps/Deployment", "apps/StatefulSet", "batch/Job"],
];

/**
 * Kinds that no other object depends on, so that they can go at once: the server needs no garbage collector for them, which
 * deletes but twenty objects a second.
 */
const leaves = [
  ...["/ConfigMap", "/LimitRange", "/ResourceQuota", "/Secret", "/ServiceAccount"],
  ...["networking.k8s.io/Ingress", "networking.k8s.io/IngressClass", "networking.k8s.io/NetworkPolicy"],
  ...["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/RoleBinding"],
  ...["rbac.authorization.k8s.io/ClusterRole", "rbac.authorization.k8s.io/ClusterRoleBinding"],
  ...["policy/PodDisruptionBudget", "scheduling.k8s.io/PriorityClass", "storage.k8s.io/StorageClass"],
  // Its objects are the server's own to delete, by a finalizer.
  "apiextensions.k8s.io/CustomResourceDefinition",
];

/** Deletes an object and waits until it is gone. One that is gone already, or whose kind is, counts as deleted. */
export async function remove(
  cluster: Cluster,
  configuration: Configuration,
  request: DeleteRequest,
): Promise<void> {
  const wanted = toManifest(request.oldInputs);
  try {
    await cluster.reach();
    const object = await cluster.placed(identified(request.id, request.type, request.oldInputs));
    if (isPatch(request.type, wanted.kind)) {
      await relinquish(cluster, object, managerFor(wanted, request.urn, managerOf(request.state)));
      return;
    }
    if (wanted.kind === "CustomResourceDefinition") await openStorage(cluster, wanted);
    const propagationPolicy = propagationOf(wanted);
    const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy };
    const answer = await cluster.request("DELETE", await cluster.pathOf(object), { body });
    // The server answers the object while something of it is left, else a status.
    if (!isObject(answer)) return;
    const skips = isAnnotated(wanted, annotations.skipAwait) && skippable.includes(keyOf(wanted));
    if (!skips) await waitUntilGone(cluster, answer, timeoutOf(wanted, request.timeout));
  } catch (error) {
    if (hasStatus(error, 404) || error instanceof UnknownKindError) return;
    if (error instanceof UnreachableError) {
      if (configuration.deleteUnreachable) return;
      throw unreachable(error, "deleted");
    }
    throw explained(error, wanted, "delete");
  }
}

/** Waits until an object does not exist any more. @param timeout in milliseconds */
export async function waitUntilGone(
  cluster: Cluster,
  object: KubernetesObject,
  timeout: number,
): Promise<void> {
  const { uid } = object.metadata;
  // Somebody may create it anew in the same moment: that is another object.
  const isGone = (seen: KubernetesObject | undefined) => seen?.metadata.uid !== uid;
  // Some kinds answer a deletion with the object as it was; a watch from there on would wait for ever.
  const left = await cluster.find(object);
  if (left === undefined || isGone(left)) return;
  const signal = AbortSignal.any([AbortSignal.timeout(timeout), cluster.signal]);
  const outcome = await watchObject(cluster, left, isGone, signal);
  if (outcome.satisfied) return;
  if (cluster.signal.aborted)
    throw new UserError(`The wait for the end of ${describe(object)} was cancelled.`);
  throw stuck(outcome.last ?? left, timeout);
}

/**
 * Gives up the fields that a manager has set: those that nobody else has set either disappear.
 *
 * @returns the object without them; undefined when it does not exist.
 */
export async function relinquish(
  cluster: Cluster,
  object: KubernetesObject,
  manager: string,
): Promise<KubernetesObject | undefined> {
  if ((await cluster.find(object)) === undefined) return undefined;
  const { apiVersion, kind } = object;
  const { name, namespace } = object.metadata;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  try {
    return await apply(cluster, { apiVersion, kind, metadata }, { manager, force: false });
  } catch (error) {
    if (!hasStatus(error, 422)) throw error;
    throw new UserError(
      `The patch of ${describe(object)} cannot be taken back, because it set fields that the object needs: ${error.message}\n` +
        "Let somebody else set them first, or keep the patch (the resource option `retainOnDelete`).",
      { cause: error },
    );
  }
}

/** The cluster does not answer, and its objects cannot be changed. */
export function unreachable(error: UnreachableError, verb: string): UserError {
  return new UserError(
    `${error.message}\nSo its objects cannot be ${verb}. If the cluster is gone for good, set PULUMI_K8S_DELETE_UNREACHABLE=true ` +
      "(or the provider's `deleteUnreachable`) to let Pulumi forget them.",
    { cause: error },
  );
}

function propagationOf(wanted: KubernetesObject): "Foreground" | "Background" | "Orphan" {
  const policies = { orphan: "Orphan", background: "Background", foreground: "Foreground" } as const;
  const asked = annotation(wanted, annotations.deletionPropagationPolicy)?.toLowerCase();
  const policy = Object.entries(policies).find(([name]) => name === asked)?.[1];
  return policy ?? (leaves.includes(keyOf(wanted)) || isCustom(wanted) ? "Background" : "Foreground");
}

/**
 * Whether a definition of somebody's brought the kind. The garbage collector, which ends a deletion in the foreground, hears of new
 * kinds only every 30 seconds; in the background it deletes the same, and operators' finalizers are waited for either way.
 */
function isCustom({ apiVersion }: KubernetesObject): boolean {
  const group = groupOf(apiVersion);
  return group.includes(".") && !group.endsWith(".k8s.io");
}

function stuck(object: KubernetesObject, timeout: number): UserError {
  const finalizers = object.metadata.finalizers ?? [];
  const waits = finalizers.length === 0 ? "" : ` It waits for its finalizers: ${finalizers.join(", ")}.`;
  // A namespace says in its conditions what is left in it, and whose finalizers hold that.
  const remaining = listAt(object, "status", "conditions")
    .filter((condition) => condition.status === "True" && object.kind === "Namespace")
    .map((condition) => `\n  - ${textAt(condition, "message") ?? ""}`);
  return new UserError(
    `${describe(object)} still exists ${timeout / 1000} s after its deletion began.${waits}${remaining.join("")}\n` +
      "Whatever removes the finalizers (an operator, a controller) must run until then: let it be deleted after this object.",
  );
}

function keyOf(object: KubernetesObject): string {
  return `${groupOf(object.apiVersion)}/${object.kind}`;
}

function isObject(answer: unknown): answer is KubernetesObject {
  return textAt(answer, "kind") !== "Status" && textAt(answer, "metadata", "uid") !== undefined;
}
