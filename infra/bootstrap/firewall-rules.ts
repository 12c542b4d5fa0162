import type { Configuration } from "../../config/index.ts";
import type { ClusterNetwork } from "../../config/sections/cluster.ts";
import type { FirewallRule, FirewallSource } from "../firewall.ts";
import { apiPort } from "./node-bootstrap.ts";
import type { PublicPort } from "./public-ports.ts";

/** What the rules follow from. */
export interface FirewallSettings {
  readonly network: ClusterNetwork;
  readonly access: Pick<Configuration["access"], "operatorCidrs" | "allowWorld">;
  /** The range of the nodes' private addresses. */
  readonly privateCidr: string;
  /** Nodes that reach the API at the control planes' public addresses, see api-access.ts. @default none */
  readonly apiCallers?: readonly FirewallSource[];
  /** What systems serve to everybody on the ingress nodes, beside web pages, see public-ports.ts. @default nothing */
  readonly publicPorts?: readonly PublicPort[];
}

/** Everybody, on either family. */
export const world: readonly string[] = ["0.0.0.0/0", "::/0"];

/** WireGuard's port, of flannel's wireguard-native backend (IPv4) and of Kilo alike. */
export const wireGuardPort = 51_820;

/** The port of the health and the metrics of Kilo's agent, on its node. */
export const kiloPort = 1107;

/** What may come in to the nodes of a cluster, whatever the cloud; what no rule opens stays closed. */
export function firewallRules(settings: FirewallSettings): FirewallRule[] {
  return [
    ...operatorRules(settings),
    ...publicRules(settings),
    ...meshRules(settings),
    ...privateRules(settings),
  ];
}

/** SSH and the API, for those who run the cluster; the API also for nodes that come to it from outside. */
function operatorRules({ access, apiCallers = [] }: FirewallSettings): FirewallRule[] {
  const operators = access.allowWorld ? world : access.operatorCidrs;
  const callers = access.allowWorld ? world : [...new Set([...operators, ...apiCallers])];
  return [
    rule("SSH from operators", "tcp", 22, operators, "all"),
    rule("Kubernetes API from operators and nodes", "tcp", apiPort, callers, "control-plane"),
  ].filter(({ sources }) => sources.length > 0);
}

function publicRules({ publicPorts = [] }: FirewallSettings): FirewallRule[] {
  return [
    rule("HTTP, redirected to HTTPS", "tcp", 80, world, "ingress"),
    rule("HTTPS", "tcp", 443, world, "ingress"),
    ...publicPorts.map(({ description, port }) => rule(description, "tcp", port, world, "ingress")),
  ];
}

/** WireGuard answers nobody who has no key, and the addresses of roaming nodes are not known. */
function meshRules({ network }: FirewallSettings): FirewallRule[] {
  return network === "flannel" ? [] : [rule("WireGuard between nodes", "udp", wireGuardPort, world, "all")];
}

/**
 * What nodes of one private network say to each other. Ports from https://docs.k3s.io/installation/requirements and the
 * exporters' own documentation.
 */
function privateRules({ network, privateCidr }: FirewallSettings): FirewallRule[] {
  const within = [privateCidr];
  return [
    rule("Kubernetes API", "tcp", apiPort, within, "control-plane"),
    rule("etcd, clients and peers", "tcp", [2379, 2380], within, "control-plane"),
    rule("Kubelet", "tcp", 10_250, within, "all"),
    rule("Metrics of nodes", "tcp", 9100, within, "all"),
    ...(network === "flannel" ? [rule("Pod network, VXLAN", "udp", 8472, within, "all")] : []),
    // Kilo packs what pods of neighbouring nodes say to each other in IP (https://kilo.squat.ai/docs/kg, `--encapsulate`).
    ...(network === "kilo"
      ? [
          portless("Pod network, IP in IP", "ipip", within),
          rule("Metrics of Kilo", "tcp", kiloPort, within, "all"),
        ]
      : []),
    portless("Ping and path MTU", "icmp", within),
  ];
}

function rule(
  description: string,
  protocol: "tcp" | "udp",
  ports: number | readonly [number, number],
  sources: readonly FirewallSource[],
  target: FirewallRule["target"],
): FirewallRule {
  const [from, to] = typeof ports === "number" ? [ports, ports] : ports;
  return { description, protocol, ports: { from, to }, sources, target };
}

function portless(
  description: string,
  protocol: "icmp" | "ipip",
  sources: readonly FirewallSource[],
): FirewallRule {
  return { description, protocol, ports: undefined, sources, target: "all" };
}
