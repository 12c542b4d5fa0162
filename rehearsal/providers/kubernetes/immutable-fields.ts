/** Which changes replace an object instead of updating it. */
import { hasStatus } from "../../kubernetes/kubernetes-error.ts";
import type { Configuration } from "./configuration.ts";
import { contains, parsePath, type Path } from "./changes.ts";
import type { KubernetesObject } from "./manifest.ts";

/** The fields that identify an object. (Another version of the same API group is the same object.) */
const identity = ["kind", "metadata.name", "metadata.namespace"];

/**
 * Fields whose change makes the official provider replace an object. Most of them are refused by the API server anyhow; a few
 * (a Job's parallelism, a Secret's data) it would take. Knowing them matters where no server can be asked.
 * Source: the official provider's table, version 4.32.
 */
const replacing: Readonly<Record<string, readonly string[]>> = {
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "/PersistentVolume": ["csi", "fc", "hostPath", "iscsi", "local", "nfs", "rbd"].map(
    (source) => `spec.${source}`,
  ),
  "/Pod": [
    ...[
      "affinity",
      "automountServiceAccountToken",
      "containers",
      "dnsConfig",
      "dnsPolicy",
      "enableServiceLinks",
    ],
    ...["hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostname", "imagePullSecrets", "initContainers"],
    ...["nodeName", "nodeSelector", "overhead", "preemptionPolicy", "priority", "priorityClassName"],
    ...["readinessGates", "restartPolicy", "runtimeClassName", "schedulerName", "securityContext"],
    ...["serviceAccount", "serviceAccountName", "shareProcessNamespace", "subdomain"],
    ...["terminationGracePeriodSeconds", "volumes"],
  ].map((field) => `spec.${field}`),
  "/ResourceQuota": ["spec.scopes"],
  "/Service": ["spec.clusterIP"],
};

/** The paths whose change replaces the old object by this one. */
export function replacingFields(
  old: KubernetesObject,
  now: KubernetesObject,
  configuration: Configuration,
): readonly Path[] {
  const group = groupOf(old.apiVersion) === groupOf(now.apiVersion) ? [] : ["apiVersion"];
  return [...identity, ...group, ...fieldsOfKind(now, configuration)].map(parsePath);
}

/** The paths whose change makes a patch one of another object. Everything else in a patch can be changed in place. */
export function patchIdentity(): readonly Path[] {
  return identity.map(parsePath);
}

function fieldsOfKind(object: KubernetesObject, configuration: Configuration): readonly string[] {
  const group = groupOf(object.apiVersion);
  const immutable = object.immutable === true;
  if (group === "" && object.kind === "Secret") {
    const data = immutable || !configuration.enableSecretMutable ? ["data", "stringData"] : [];
    return ["type", ...data];
  }
  if (group === "" && object.kind === "ConfigMap") {
    return immutable || !configuration.enableConfigMapMutable ? ["data", "binaryData"] : [];
  }
  return replacing[`${group}/${object.kind}`] ?? [];
}

/** The API group in an apiVersion: `apps` of `apps/v1`, nothing of `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** How the API server and custom resources say that a field cannot be changed once it is set. */
const refusal =
  /immutable|updates? .*(is|are) forbidden|may not (be )?change|cannot (be )?change|can't be changed/i;

/**
 * The fields because of which the server refuses to update an object that it would take as a new one; undefined when it
 * refuses for another reason, such as a value that is invalid in itself.
 */
export function refusedFields(error: unknown): readonly Path[] | undefined {
  if (!hasStatus(error, 422)) return undefined;
  const causes = error.details.causes ?? [];
  const refused = causes.length > 0 && causes.every((cause) => refusal.test(cause.message ?? ""));
  return refused ? causes.map((cause) => parsePath(cause.field ?? "")) : undefined;
}

/** The changed paths that force a replacement: known ones first, else all those that lie in what the server refused. */
export function replacedPaths(
  changed: readonly Path[],
  known: readonly Path[],
  refused: readonly Path[],
): readonly Path[] {
  const touching = (fields: readonly Path[]) =>
    changed.filter((path) => fields.some((field) => contains(field, path) || contains(path, field)));
  const replaced = touching(known);
  if (refused.length === 0 || replaced.length > 0) return replaced;
  const inRefused = touching(refused);
  return inRefused.length > 0 ? inRefused : changed;
}

/** A new object takes the old one's name, so that the old one must go first. */
export function sameName(old: KubernetesObject, now: KubernetesObject): boolean {
  const { name, namespace = now.metadata.namespace } = old.metadata;
  return name === now.metadata.name && namespace === now.metadata.namespace;
}
