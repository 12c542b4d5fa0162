import type { ClusterNode } from "../cluster-node.ts";
import { wireGuardPort } from "./firewall-rules.ts";

/** What Kilo's annotations follow from. */
export interface KiloSettings {
  /** The host of a node: `<node>.<cluster>.<domain>`. */
  readonly hostOf: (node: string) => string;
}

/** Kilo takes nodes of one region for neighbours, and builds tunnels between regions only. */
export const kiloTopologyLabel = "topology.kubernetes.io/region";

/** Keeps a router's mapping open: most forget one after 30 s without a packet. */
const keepaliveSeconds = 10;

/**
 * Kilo's annotations of a node (https://kilo.squat.ai/docs/annotations).
 *
 * A server is reached from elsewhere at its public address, which the agent finds, and by its neighbours at the private one, which it would
 * have to guess. At DigitalOcean neighbours are no neighbours: its firewall lets nothing through but TCP, UDP and ICMP, so each droplet
 * is a place of its own with tunnels to all others. On-premises, the site is reached at the host that its router forwards WireGuard's port to.
 *
 * @param privateAddress of a server; undefined on-premises
 */
export function kiloAnnotations(
  { name, pool }: Pick<ClusterNode, "name" | "pool">,
  nodes: readonly Pick<ClusterNode, "pool">[],
  { hostOf }: KiloSettings,
  privateAddress?: string,
): Record<string, string> {
  if (pool.cloud !== "on-prem") {
    return {
      ...(pool.cloud === "digitalocean" && { "kilo.squat.ai/location": `${pool.region}-${name}` }),
      ...(privateAddress !== undefined && { "kilo.squat.ai/force-internal-ip": `${privateAddress}/32` }),
    };
  }
  const isGateway = nodes.some(({ pool: other }) => other.cloud === "on-prem" && other.behind === name);
  const gateway = isGateway ? name : pool.behind;
  return {
    "kilo.squat.ai/location": pool.region,
    "kilo.squat.ai/persistent-keepalive": String(keepaliveSeconds),
    ...(gateway !== undefined && { "kilo.squat.ai/force-endpoint": `${hostOf(gateway)}:${wireGuardPort}` }),
    ...(isGateway && { "kilo.squat.ai/leader": "true" }),
  };
}

/** Where the agent's container has the kubeconfig that its init container wrote. */
export const kiloKubeconfig = "/etc/kubernetes/kubeconfig";

/** The arguments of Kilo's agent, `kg`, on every node. @param meshCidr the range of its WireGuard addresses */
export function kiloArguments(meshCidr: string): string[] {
  return [
    `--kubeconfig=${kiloKubeconfig}`,
    "--hostname=$(NODE_NAME)",
    "--mesh-granularity=location",
    `--topology-label=${kiloTopologyLabel}`,
    `--subnet=${meshCidr}`,
    `--port=${wireGuardPort}`,
    // Also between neighbours: firewalls of private networks know no addresses of pods.
    "--encapsulate=always",
    "--cni=true",
  ];
}
