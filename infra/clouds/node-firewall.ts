import type { ClusterNode } from "../cluster-node.ts";
import type { FirewallRule } from "../firewall.ts";
import { isTarget } from "./firewall-targets.ts";

/** Nodes of one kind have the same rules: whether they are control planes, and whether public traffic enters there. */
export type FirewallKind = "worker" | "worker-ingress" | "control-plane" | "control-plane-ingress";

type FirewalledNode = Pick<ClusterNode, "role" | "ingress">;

/** The kind of a node; sensors are workers to a firewall. */
export function firewallKind({ role, ingress }: FirewalledNode): FirewallKind {
  const side = role === "control-plane" ? "control-plane" : "worker";
  return ingress ? `${side}-ingress` : side;
}

/** The rules that are for a node, for clouds where a server has one firewall only. */
export function rulesFor(firewall: readonly FirewallRule[], node: FirewalledNode): FirewallRule[] {
  return firewall.filter(({ target }) => isTarget(node, target));
}

/** One node of each kind among the nodes: whom a firewall per kind is made for. */
export function firewallKinds<Node extends FirewalledNode>(
  nodes: readonly Node[],
): ReadonlyMap<FirewallKind, Node> {
  return new Map(nodes.map((node) => [firewallKind(node), node]));
}

/** A rule's ports as clouds write them: `80`, or both ends with the cloud's separator. */
export function portText(
  { from, to }: { readonly from: number; readonly to: number },
  separator: ":" | "-",
): string {
  return from === to ? String(from) : `${from}${separator}${to}`;
}
