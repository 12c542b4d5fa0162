import * as pulumi from "@pulumi/pulumi";
import { hostname } from "../../config/hostnames.ts";
import type { ClusterNode } from "../cluster-node.ts";

/** A node and the public addresses that it has. */
export interface AddressedNode {
  readonly node: Pick<ClusterNode, "name" | "role" | "ingress">;
  /** Without it the node has no A record. @default none */
  readonly publicIpv4?: pulumi.Output<string>;
  /** Without it the node has no AAAA record. @default none */
  readonly publicIpv6?: pulumi.Output<string>;
}

/** A host name, and all the addresses that it stands for. */
export interface DnsRecord {
  /** The whole name, such as `*.hc1.example.org`. */
  readonly name: string;
  readonly type: "A" | "AAAA";
  /** In the order of the nodes' names; never empty. */
  readonly answers: readonly DnsAnswer[];
}

/** One address of a host name. */
export interface DnsAnswer {
  /** The node that has it. */
  readonly node: string;
  readonly address: pulumi.Output<string>;
}

export interface DnsRecordsArgs {
  /** Cluster's name. */
  readonly cluster: string;
  /** The stack's domain. */
  readonly domain: string;
  readonly servers: readonly AddressedNode[];
}

const apiName = "api";

/**
 * The records of a cluster, whoever serves them: `api.<cluster>` stands for every control plane, `<cluster>` and `*.<cluster>` for every node
 * where public traffic enters, `<node>.<cluster>` for one node. A node without a public address, as most machines on-premises, has none.
 *
 * @throws pulumi.RunError when a node has the API's name.
 */
export function dnsRecords({ cluster, domain, servers }: DnsRecordsArgs): DnsRecord[] {
  refuseReservedName(servers, cluster, domain);
  const sorted = servers.toSorted((left, right) => (left.node.name < right.node.name ? -1 : 1));
  const host = (service: string) => hostname({ service, cluster, domain });
  return [
    ...records(
      host(apiName),
      sorted.filter(({ node }) => node.role === "control-plane"),
    ),
    // A wildcard does not stand for the name that it is below.
    ...[`${cluster}.${domain}`, `*.${cluster}.${domain}`].flatMap((name) =>
      records(
        name,
        sorted.filter(({ node }) => node.ingress),
      ),
    ),
    ...sorted.flatMap((server) => records(host(server.node.name), [server])),
  ];
}

function records(name: string, servers: readonly AddressedNode[]): DnsRecord[] {
  const ipv4 = servers.flatMap(({ node, publicIpv4 }) => answer(node.name, publicIpv4));
  const ipv6 = servers.flatMap(({ node, publicIpv6 }) => answer(node.name, publicIpv6));
  const both: DnsRecord[] = [
    { name, type: "A", answers: ipv4 },
    { name, type: "AAAA", answers: ipv6 },
  ];
  return both.filter(({ answers }) => answers.length > 0);
}

function answer(node: string, address: pulumi.Output<string> | undefined): DnsAnswer[] {
  return address ? [{ node, address }] : [];
}

function refuseReservedName(servers: readonly AddressedNode[], cluster: string, domain: string): void {
  if (!servers.some(({ node }) => node.name === apiName)) return;
  throw new pulumi.RunError(
    `A node is called "${apiName}", but ${apiName}.${cluster}.${domain} is the name of the Kubernetes API. Rename the node's host in uap:pools.`,
  );
}

/** A name as it is written inside its zone: `*.hc1` for `*.hc1.example.org` in `example.org`, and `@` for the zone itself. */
export function relativeName(name: string, zone: string): string {
  return name === zone ? "@" : name.slice(0, -(zone.length + 1));
}

/** The name of an answer's resource, the same whatever other nodes there are. */
export function answerName({ name, type }: DnsRecord, { node }: DnsAnswer): string {
  return `${name}-${type}-${node}`;
}
