import type { Cidr } from "../../config/addresses.ts";
import type { ClusterNetwork, K3sVersion } from "../../config/sections/cluster.ts";
import type { Role } from "../../config/sections/pools.ts";
import type { ClusterNode } from "../cluster-node.ts";

/** The components that k3s brings along and that can be left out. */
export type PackagedComponent =
  "coredns" | "servicelb" | "traefik" | "local-storage" | "metrics-server" | "runtimes";

/** A control plane as its future peers and agents look for it. */
export interface ControlPlane {
  readonly name: string;
  /** An address that the other nodes reach; without one, they find it by the API's host only. */
  readonly address?: string;
}

/** Where etcd's snapshots are copied to. */
export interface SnapshotStore {
  /** Host, with port when it is not the scheme's own. @example "s3.eu-central-1.amazonaws.com" */
  readonly endpoint: string;
  /** True for `http`. */
  readonly insecure: boolean;
  readonly bucket: string;
  readonly region: string;
  readonly folder: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** What goes for all nodes of a cluster. */
export interface ClusterBootstrap {
  readonly name: string;
  /** `api.<cluster>.<domain>`: the host that leads to every control plane. */
  readonly apiHost: string;
  readonly version: K3sVersion;
  readonly network: ClusterNetwork;
  readonly podCidr: Cidr;
  readonly serviceCidr: Cidr;
  /** The range of the node's own private network, at its cloud and place: the interface with an address in it is k3s'. */
  readonly privateCidr: Cidr;
  readonly controlPlanes: readonly ControlPlane[];
  readonly snapshots: {
    /** Cron, five fields, UTC. */
    readonly schedule: string;
    readonly retention: number;
    readonly store?: SnapshotStore;
  };
  readonly disabled: readonly PackagedComponent[];
  /** Packages of the distribution that systems call on the nodes. @default none */
  readonly packages?: readonly string[];
  /** Whether the cloud's own controller, and not k3s', tells the nodes' addresses and zones. @default false */
  readonly cloudController?: boolean;
  /** Where the nodes' data disks are mounted, see data-volume.ts. @default they are left raw */
  readonly volumeFolder?: string | undefined;
  /** Where k3s' releases are downloaded from. @default GitHub */
  readonly releases?: string;
}

/** A node that is about to boot, and the cluster that it belongs to. */
export interface NodeBootstrap {
  readonly node: ClusterNode;
  readonly cluster: ClusterBootstrap;
}

/** The secrets that a cluster's nodes and administrators share: PEM texts and tokens. All of it is known before the first node boots. */
export interface ClusterIdentity {
  /** The authorities' certificates and keys, by their path below k3s' `server/tls`. */
  readonly authorities: Readonly<Record<AuthorityFile, string>>;
  /** Lets control planes join: `K10<hash>::server:<secret>`. */
  readonly serverToken: string;
  /** Lets agents join: `K10<hash>::node:<secret>`. */
  readonly agentToken: string;
}

/** The files that k3s looks for before it makes authorities of its own (k3s' documentation, "Using Custom CA Certificates"). */
export const authorityFiles = [
  "server-ca.crt",
  "server-ca.key",
  "client-ca.crt",
  "client-ca.key",
  "request-header-ca.crt",
  "request-header-ca.key",
  "etcd/peer-ca.crt",
  "etcd/peer-ca.key",
  "etcd/server-ca.crt",
  "etcd/server-ca.key",
  "service.key",
] as const;
/** A file of k3s' custom authorities. */
export type AuthorityFile = (typeof authorityFiles)[number];

/** Where things are on a node. */
export const nodePaths = {
  configuration: "/etc/rancher/k3s/config.yaml",
  /** Written at boot, when the node's addresses are known. k3s reads it after the configuration. */
  addresses: "/etc/rancher/k3s/config.yaml.d/10-addresses.yaml",
  /** Written at boot, when it is known whether there is a cluster to join. */
  membership: "/etc/rancher/k3s/config.yaml.d/20-membership.yaml",
  authorities: "/var/lib/rancher/k3s/server/tls",
  script: "/usr/local/sbin/uap-bootstrap",
  log: "/var/log/uap-bootstrap.log",
} as const;

/** The systemd service, and the command of k3s, that a role runs. */
export function serviceOf(role: Role): {
  readonly unit: "k3s" | "k3s-agent";
  readonly command: "server" | "agent";
} {
  return role === "control-plane"
    ? { unit: "k3s", command: "server" }
    : { unit: "k3s-agent", command: "agent" };
}

/** The port of the Kubernetes API, which joining nodes use too. */
export const apiPort = 6443;
