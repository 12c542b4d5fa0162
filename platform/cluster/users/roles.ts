import type { User } from "../../../config/sections/access.ts";
import { rowOf, type SystemName } from "../../catalogue.ts";
import { enabledSystems } from "../../demands.ts";
import type { Layer } from "../../kit/labels.ts";
import type { PlatformConfiguration } from "../../layer.ts";
import type { NamespaceName } from "../namespaces.ts";

/** What a user may do in the cluster. */
export type Role = User["role"];

/** Kubernetes' own roles for people, which operators extend to their kinds of objects. */
export type ClusterRole = "cluster-admin" | "edit" | "view";

/** Who has one of Kubernetes' roles, and where. */
export interface Grant {
  readonly role: ClusterRole;
  /** In the whole cluster, or where developers work. */
  readonly scope: "cluster" | "workspaces";
  readonly holders: readonly Role[];
}

/**
 * What each role is granted. Administrators: everything. Developers: look at everything but Secrets, and change what is in the
 * namespaces of the systems that they build on, Secrets included. Viewers: look at everything but Secrets.
 */
export const grants: readonly Grant[] = [
  { role: "cluster-admin", scope: "cluster", holders: ["admin"] },
  { role: "view", scope: "cluster", holders: ["developer", "viewer"] },
  { role: "edit", scope: "workspaces", holders: ["developer"] },
];

/** Layers whose namespaces hold what developers work with; below are the cluster's own operators. */
const workLayers: readonly Layer[] = ["data", "ml", "chain", "devops"];

/** Namespaces of the stack in which developers may change things, each once, in the catalogue's order. */
export function workspacesOf(configuration: PlatformConfiguration): NamespaceName[] {
  const namespaces = enabledSystems(configuration).flatMap((name: SystemName) => {
    const row = rowOf(name);
    if (row.planned || row.namespace === undefined || !workLayers.includes(row.layer)) return [];
    return [row.namespace];
  });
  return [...new Set(namespaces)];
}
