import * as pulumi from "@pulumi/pulumi";

/** One opening in the firewall of a node; what no rule opens stays closed. */
export interface FirewallRule {
  /** What it is for, in a few words: clouds show it beside the rule. */
  readonly description: string;
  /** `ipip` is IP in IP, the protocol number 4: many firewalls know nothing of it. */
  readonly protocol: "tcp" | "udp" | "icmp" | "ipip";
  /** First and last port; undefined for protocols that have none. */
  readonly ports: { readonly from: number; readonly to: number } | undefined;
  /** Who may come in. */
  readonly sources: readonly FirewallSource[];
  /** The nodes it is for: all of them, or those of one kind. */
  readonly target: "all" | "control-plane" | "ingress";
}

/** Who may come in: a range of addresses, or a server of the cluster at its public address. */
export type FirewallSource = string | ServerSource;

/**
 * A server of the cluster, whose public IPv4 address is known when it exists. It may stand behind the very rule, or at another cloud. So
 * no server waits for a rule with such a source, unless its own address is known before it is made.
 */
export interface ServerSource {
  readonly node: string;
  readonly address: pulumi.Output<string>;
}

/** What tells a source from others before its address is known: the range, or the node's name. */
export function sourceName(source: FirewallSource): string {
  return typeof source === "string" ? source : source.node;
}

/** A source as a range. */
export function sourceRange(source: FirewallSource): pulumi.Input<string> {
  return typeof source === "string" ? source : pulumi.interpolate`${source.address}/32`;
}

/** Whether a source has addresses of IPv6; servers come in over IPv4. */
export function isIpv6(source: FirewallSource): boolean {
  return typeof source === "string" && source.includes(":");
}
