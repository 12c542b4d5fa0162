import type { types } from "@pulumi/kubernetes";

type Rules = types.input.rbac.v1.PolicyRule[];

const read = ["get", "list", "watch"];
const write = ["create", "patch", "update"];

/** What the controller does in the whole cluster: it reads Plans and nodes, and marks nodes. From its manifests. */
export const controllerRules: Rules = [
  { apiGroups: ["batch"], resources: ["jobs"], verbs: read },
  { apiGroups: [""], resources: ["namespaces", "nodes"], verbs: read },
  { apiGroups: [""], resources: ["nodes"], verbs: ["update"] },
  { apiGroups: [""], resources: ["events"], verbs: ["get", ...write] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: ["system-upgrade-controller"],
    verbs: ["get", "update"],
  },
  {
    apiGroups: ["upgrade.cattle.io"],
    resources: ["plans", "plans/status"],
    verbs: [...read, ...write, "delete"],
  },
  // At its start the controller writes its own definition over ours, and ends when it may not.
  {
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    verbs: [...read, "create"],
  },
  {
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    resourceNames: ["plans.upgrade.cattle.io"],
    verbs: ["patch", "update"],
  },
];

/** What it does in its own namespace. */
export const jobRules: Rules = [
  { apiGroups: ["batch"], resources: ["jobs"], verbs: [...read, ...write, "delete", "deletecollection"] },
  { apiGroups: [""], resources: ["secrets"], verbs: read },
];

/** What an upgrade's Job does to its node: `kubectl drain`. */
export const drainerRules: Rules = [
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "delete"] },
  { apiGroups: [""], resources: ["nodes"], verbs: ["get", "patch"] },
  { apiGroups: ["apps"], resources: ["statefulsets", "daemonsets", "replicasets"], verbs: ["get", "list"] },
];
