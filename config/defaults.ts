import type { Acme } from "./sections/acme.ts";
import type { Cluster, ClusterNetwork } from "./sections/cluster.ts";
import type { Dns } from "./sections/dns.ts";
import type { Sections } from "./sections/index.ts";
import type { Pool } from "./sections/pools.ts";

/** Where an existing cluster's hosts are, when nothing else is said: every `*.localhost` is the machine itself. */
const localDomain = "localhost";

/** The stack's domain. @default `localhost` on an existing cluster; a cluster that is created must have one */
export function domainOf({ domain }: Sections): string {
  return domain ?? localDomain;
}

/** The cluster with its name and its pod network. */
export function clusterOf(sections: Sections, name: string): Cluster {
  const { cluster } = sections;
  return cluster.kind === "existing"
    ? { ...cluster, name }
    : { ...cluster, name, network: networkOf(sections) };
}

/**
 * The pod network. @default `kilo` when nodes stand behind a gateway, which nothing else reaches; `wireguard` when the pools are in
 * more than one cloud; else `flannel`
 */
export function networkOf({ cluster, pools }: Sections): ClusterNetwork {
  if (cluster.kind === "k3s" && cluster.network !== undefined) return cluster.network;
  if (pools.some(({ pool }) => pool.cloud === "on-prem" && pool.behind !== undefined)) return "kilo";
  return new Set(pools.map(({ pool }) => pool.cloud)).size > 1 ? "wireguard" : "flannel";
}

/**
 * The pools, each with its part in the ingress. @default when no pool says anything, all worker pools; without
 * workers, the control planes
 */
export function poolsOf({ pools }: Sections): readonly Pool[] {
  const isSaid = pools.some(({ pool }) => pool.ingress !== undefined);
  const fallback = pools.some(({ pool }) => pool.role === "worker") ? "worker" : "control-plane";
  return pools.map(({ pool }) => ({ ...pool, ingress: pool.ingress ?? (!isSaid && pool.role === fallback) }));
}

/** The issuer of certificates. @default `self-signed` on an existing cluster, else `production` */
export function issuerOf({ acme, cluster }: Sections): Acme["issuer"] {
  return acme.issuer ?? (cluster.kind === "existing" ? "self-signed" : "production");
}

/** The issuer, with the e-mail address that Let's Encrypt wants. */
export function acmeOf(sections: Sections): Acme {
  const issuer = issuerOf(sections);
  return issuer === "self-signed" ? { issuer } : { issuer, email: sections.acme.email ?? "" };
}

/** Where the records are kept. @default the zone is the domain */
export function dnsOf(sections: Sections): Dns {
  const { dns } = sections;
  return dns.provider === "none" ? dns : { ...dns, zone: dns.zone ?? domainOf(sections) };
}

/** Whether servers, volumes and zones are protected. @default when the program creates the cluster */
export function protectOf({ protect, cluster }: Sections): boolean {
  return protect ?? cluster.kind === "k3s";
}

/** Systems that follow from the cluster's shape, beside those of the preset. */
export function systemsOfCluster(sections: Sections): readonly string[] {
  const { cluster, pools } = sections;
  if (cluster.kind === "existing") return ["local-path"];
  return [
    "local-path",
    "system-upgrade-controller",
    ...(networkOf(sections) === "kilo" ? ["kilo"] : []),
    ...(pools.some(({ pool }) => pool.gpu === "nvidia") ? ["nvidia"] : []),
  ];
}
