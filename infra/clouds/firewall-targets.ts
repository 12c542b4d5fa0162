import type { ClusterNode } from "../cluster-node.ts";
import type { FirewallRule } from "../firewall.ts";

/** Whom a rule can be for. */
export type FirewallTarget = FirewallRule["target"];

/** The targets, for clouds where a server has several firewalls: one for each target that the node is. */
export const firewallTargets = [
  "all",
  "control-plane",
  "ingress",
] as const satisfies readonly FirewallTarget[];

type TargetedNode = Pick<ClusterNode, "role" | "ingress">;

/** Whether rules for the target are for the node. */
export function isTarget({ role, ingress }: TargetedNode, target: FirewallTarget): boolean {
  switch (target) {
    case "all":
      return true;
    case "control-plane":
      return role === "control-plane";
    case "ingress":
      return ingress;
    default:
      return target satisfies never;
  }
}

/** The targets that there are nodes of. */
export function targetsOf(nodes: readonly TargetedNode[]): readonly FirewallTarget[] {
  return firewallTargets.filter((target) => nodes.some((node) => isTarget(node, target)));
}
