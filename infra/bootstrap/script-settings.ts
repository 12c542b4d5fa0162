import type { Pool } from "../../config/sections/pools.ts";
import { ufwPasses } from "./host-firewall.ts";
import type { ClusterIdentity, NodeBootstrap } from "./node-bootstrap.ts";
import { serviceOf } from "./node-bootstrap.ts";
import { parseJoinToken } from "./token.ts";

/** Where k3s publishes its releases. */
const defaultReleases = "https://github.com/k3s-io/k3s/releases/download";

/** How a machine learns the address at which the Internet reaches it. */
type ExternalAddress = "interface" | "aws" | "none";

/** The head of the bootstrap script, which sets the variables by which it differs from node to node. */
export function scriptSettings(bootstrap: NodeBootstrap, identity: ClusterIdentity): string {
  const { node, cluster } = bootstrap;
  const { unit, command } = serviceOf(node.role);
  const peers = cluster.controlPlanes.filter(({ name }) => name !== node.name);
  const names = cluster.controlPlanes.map(({ name }) => name).sort();
  const values: Readonly<Record<string, string>> = {
    service: unit,
    command,
    network: cluster.network,
    // A machine of one's own has the address of its default route.
    private_cidr: node.pool.cloud === "on-prem" ? "" : cluster.privateCidr,
    external: externalAddress(node.pool.cloud),
    ufw_passes: ufwPasses(bootstrap),
    servers: [...peers.flatMap(({ address }) => address ?? []), cluster.apiHost].join(" "),
    // Who begins the cluster, and whether there is anybody to ask before. One that takes another one's place has a cluster to join: it waits
    // for the others, however long they are away, since it would begin a second cluster with the same keys.
    first: command === "server" && names[0] === node.name && !isReplacement(node) ? "yes" : "no",
    alone: command === "server" && peers.length === 0 ? "yes" : "no",
    authority: parseJoinToken(identity.serverToken).hash,
    release: `${cluster.releases ?? defaultReleases}/${encodeURIComponent(cluster.version)}`,
    binary: node.arch === "amd64" ? "k3s" : `k3s-${node.arch}`,
    sums: `sha256sum-${node.arch}.txt`,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${quoted(value)}`);
  return `#!/bin/sh\n# Makes ${node.name} a node of the cluster ${cluster.name}. Safe to run again.\n${lines.join("\n")}\n`;
}

function isReplacement({ name, pool }: NodeBootstrap["node"]): boolean {
  return pool.cloud !== "on-prem" && pool.replace.includes(name);
}

function externalAddress(cloud: Pool["cloud"]): ExternalAddress {
  switch (cloud) {
    case "aws":
      return "aws";
    case "on-prem":
      return "none";
    case "hetzner":
    case "digitalocean":
    case "vultr":
    case "linode":
    case "scaleway":
      return "interface";
    default:
      return cloud satisfies never;
  }
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
