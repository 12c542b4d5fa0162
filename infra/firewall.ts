/** One opening in the firewall of a node; what no rule opens stays closed. */
export interface FirewallRule {
  /** What it is for, in a few words: clouds show it beside the rule. */
  readonly description: string;
  readonly protocol: "tcp" | "udp" | "icmp";
  /** First and last port; undefined for icmp. */
  readonly ports: { readonly from: number; readonly to: number } | undefined;
  /** Ranges that may come in. */
  readonly sources: readonly string[];
  /** The nodes it is for: all of them, or those of one kind. */
  readonly target: "all" | "control-plane" | "ingress";
}
