import type * as pulumi from "@pulumi/pulumi";
import type { K3sCluster } from "../config/sections/cluster.ts";
import type { ControlPlane } from "./bootstrap/node-bootstrap.ts";
import type { ClusterNode } from "./cluster-node.ts";
import type { FirewallSource } from "./firewall.ts";

type Network = Pick<K3sCluster, "network">;

/**
 * The control planes as booting nodes look for them: at private addresses where all nodes share one private network and the addresses are
 * planned, else by the API's host alone.
 */
export function controlPlanesOf(cluster: Network, nodes: readonly ClusterNode[]): ControlPlane[] {
  const isPrivate = isReachedPrivately(cluster, nodes);
  return controlPlanes(nodes).map(({ name, privateAddress }) =>
    isPrivate && privateAddress !== undefined ? { name, address: privateAddress } : { name },
  );
}

/**
 * The nodes that come to the API from outside: all of them where the API's host leads them to the control planes' public addresses. Machines
 * on-premises come from the address of their site; of sites without one, nothing is known here.
 *
 * @param addressOf the public address of a server
 */
export function apiCallers(
  cluster: Network,
  nodes: readonly ClusterNode[],
  addressOf: (node: string) => pulumi.Output<string>,
): FirewallSource[] {
  if (isReachedPrivately(cluster, nodes)) return [];
  const callers = nodes.flatMap(({ name, pool }): FirewallSource[] => {
    if (pool.cloud !== "on-prem") return [{ node: name, address: addressOf(name) }];
    return pool.publicAddress === undefined ? [] : [`${pool.publicAddress}/32`];
  });
  return [...new Set(callers)];
}

/** With a mesh, k3s advertises the public addresses, since nodes elsewhere reach no others. */
function isReachedPrivately({ network }: Network, nodes: readonly ClusterNode[]): boolean {
  return (
    network === "flannel" && controlPlanes(nodes).every(({ privateAddress }) => privateAddress !== undefined)
  );
}

function controlPlanes(nodes: readonly ClusterNode[]): ClusterNode[] {
  return nodes.filter(({ role }) => role === "control-plane");
}
