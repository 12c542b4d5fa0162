import type * as pulumi from "@pulumi/pulumi";
import type { K3sCluster } from "../config/sections/cluster.ts";
import type { ControlPlane } from "./bootstrap/node-bootstrap.ts";
import type { ClusterNode } from "./cluster-node.ts";
import type { FirewallSource } from "./firewall.ts";
import { isIn, type PrivateNetwork } from "./private-networks.ts";

type Network = Pick<K3sCluster, "network">;

/**
 * The control planes as booting nodes of one place look for them: at the private addresses that are planned for those of their own private
 * network, which need no DNS record, and at the API's host.
 *
 * @param network of the booting nodes; undefined for machines on-premises
 */
export function controlPlanesOf(
  nodes: readonly ClusterNode[],
  network: PrivateNetwork | undefined,
): ControlPlane[] {
  const isNear = ({ pool }: ClusterNode) =>
    network !== undefined && pool.cloud !== "on-prem" && isIn(network, pool);
  return controlPlanes(nodes).map((node) => {
    const { name, plannedAddress } = node;
    return plannedAddress !== undefined && isNear(node) ? { name, address: plannedAddress } : { name };
  });
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
    network === "flannel" && controlPlanes(nodes).every(({ plannedAddress }) => plannedAddress !== undefined)
  );
}

function controlPlanes(nodes: readonly ClusterNode[]): ClusterNode[] {
  return nodes.filter(({ role }) => role === "control-plane");
}
