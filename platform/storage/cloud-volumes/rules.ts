import type { types } from "@pulumi/kubernetes";

type Rule = types.input.rbac.v1.PolicyRule;

const read = ["get", "list", "watch"];

/**
 * What the side-cars of a CSI controller do: provisioner, attacher and resizer, by their own projects' manifests, without snapshots. None of
 * them may change a Node.
 */
export const controllerRules: Rule[] = [
  {
    apiGroups: [""],
    resources: ["persistentvolumes"],
    verbs: [...read, "create", "update", "patch", "delete"],
  },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...read, "update"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims/status"], verbs: ["update", "patch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["list", "watch", "create", "update", "patch"] },
  { apiGroups: [""], resources: ["nodes"], verbs: read },
  {
    apiGroups: ["storage.k8s.io"],
    resources: ["storageclasses", "csinodes", "volumeattributesclasses"],
    verbs: read,
  },
  { apiGroups: ["storage.k8s.io"], resources: ["volumeattachments"], verbs: [...read, "update", "patch"] },
  { apiGroups: ["storage.k8s.io"], resources: ["volumeattachments/status"], verbs: ["patch"] },
];

/** One controller leads; within its own namespace. */
export const leaseRules: Rule[] = [
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: [...read, "create", "update", "patch", "delete"],
  },
];

/** What a driver looks up about its node. */
export const nodeRules: Rule[] = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
  { apiGroups: ["storage.k8s.io"], resources: ["csinodes"], verbs: ["get"] },
];
