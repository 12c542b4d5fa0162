import type { NetworkAccessArgs } from "./network-access.ts";

type Edge = NetworkAccessArgs["from"][number];

/**
 * Edges out to the Kubernetes API server, for operators: its Service's port, and the port behind it, since some network plugins judge a
 * packet before its address is translated and some after. Its own address is a node's, which policies cannot name.
 */
export const toApiServer: readonly Edge[] = [443, 6443].map((port) => ({ peer: { kind: "world" }, port }));

/** An edge in from the API server, for webhooks and aggregated APIs: it calls from a node's address, which policies cannot name. */
export function fromApiServer(port: number): Edge {
  return { peer: { kind: "world" }, port };
}
