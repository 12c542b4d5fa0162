import { createHash } from "node:crypto";

import type { Quantity } from "../../../config/quantities.ts";
import type { ClusterNetwork } from "../../../config/sections/cluster.ts";
import type { Architecture, Pool, Role } from "../../../config/sections/pools.ts";
import type {
  AuthorityFile,
  ClusterBootstrap,
  ClusterIdentity,
  NodeBootstrap,
} from "../../../infra/bootstrap/node-bootstrap.ts";
import { authorityFiles } from "../../../infra/bootstrap/node-bootstrap.ts";
import { joinToken } from "../../../infra/bootstrap/token.ts";
import type { ClusterNode } from "../../../infra/cluster-node.ts";
import { createAuthority } from "../../../rehearsal/kubernetes/pki/authority.ts";

export const clouds = ["hetzner", "digitalocean", "aws", "vultr", "linode", "scaleway", "on-prem"] as const;
export const networks = ["flannel", "wireguard", "kilo"] as const;
export const architectures = ["amd64", "arm64"] as const;

/** What a node of a test is. */
export interface Wish {
  readonly name?: string;
  readonly cloud?: Pool["cloud"];
  readonly role?: Role;
  readonly arch?: Architecture;
  readonly network?: ClusterNetwork;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly string[];
  readonly volume?: Quantity;
  /** Nodes that the pool lists to be created anew. */
  readonly replace?: readonly string[];
  readonly cluster?: Partial<ClusterBootstrap>;
}

/** A node, with all that a test does not care about. */
export function bootstrapOf(wish: Wish = {}): NodeBootstrap {
  const { cloud = "hetzner", role = "worker", arch = "amd64", network = "flannel" } = wish;
  const { name = role === "control-plane" ? "master-1" : "worker-1", labels = {}, taints = [] } = wish;
  const node: ClusterNode = {
    name,
    pool: {
      ...poolOf(name, cloud, role, arch),
      ...(wish.volume !== undefined && { volume: wish.volume }),
      ...(wish.replace !== undefined && { replace: [...wish.replace] }),
    },
    role,
    arch,
    size: { milliCpu: 4000, memory: 8 * 2 ** 30, disk: 80 * 2 ** 30 },
    labels: { "topology.kubernetes.io/region": "nbg1", ...labels },
    taints,
    ingress: role === "worker",
    plannedAddress: cloud === "on-prem" ? undefined : "10.20.0.5",
  };
  const cluster: ClusterBootstrap = {
    name: "dev",
    apiHost: "api.dev.example.org",
    version: "v1.36.4+k3s1",
    network,
    podCidr: "10.42.0.0/16",
    serviceCidr: "10.43.0.0/16",
    privateCidr: "10.20.0.0/16",
    controlPlanes: [{ name: "master-1", address: "10.20.0.4" }],
    snapshots: { schedule: "0 */12 * * *", retention: 5 },
    disabled: ["traefik"],
    ...wish.cluster,
  };
  return { node, cluster };
}

function poolOf(name: string, cloud: Pool["cloud"], role: Role, arch: Architecture): Pool {
  const common = { name, role, taints: [], labels: {}, ingress: false, arch };
  if (cloud === "on-prem") {
    return {
      ...common,
      cloud,
      region: "lab",
      hosts: [name],
      size: { cpu: "4", memory: "8Gi", disk: "80Gi" },
    };
  }
  return { ...common, cloud, region: "x", type: "y", count: 1, replace: [] };
}

/** Secrets that can be told apart in a text: the contents of each file is its name. */
export function namedIdentity(): ClusterIdentity {
  const authorities = Object.fromEntries(
    authorityFiles.map((name) => [name, `-----BEGIN ${name}-----\n-----END ${name}-----\n`]),
  ) as Record<AuthorityFile, string>;
  return identityWith(authorities);
}

/** Secrets of real form and length. */
export async function realIdentity(): Promise<ClusterIdentity> {
  const authorities: Partial<Record<AuthorityFile, string>> = {};
  for (const name of ["server", "client", "request-header", "etcd/peer", "etcd/server"] as const) {
    const { certificate, key } = await createAuthority(`a-cluster-with-a-long-name-${name}`, 3650);
    authorities[`${name}-ca.crt`] = certificate;
    authorities[`${name}-ca.key`] = key;
    authorities["service.key"] = key;
  }
  return identityWith(authorities as Record<AuthorityFile, string>);
}

function identityWith(authorities: Record<AuthorityFile, string>): ClusterIdentity {
  const secret = (side: string) => createHash("sha256").update(side).digest("hex").slice(0, 32);
  return {
    authorities,
    serverToken: joinToken(authorities["server-ca.crt"], "server", secret("server")),
    agentToken: joinToken(authorities["server-ca.crt"], "node", secret("agent")),
  };
}
