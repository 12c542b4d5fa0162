/** What keeps a machine from becoming a node, as the machine itself would find out. */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { BootPlan } from "../clouds/boot.ts";
import { canReach, resolveName, type CloudsState } from "../clouds/index.ts";
import { publicAddressOf, type Machine } from "./machine.ts";

/** The cluster that machines look for. */
export interface RunningCluster {
  /** What its first server was told. */
  readonly plan: BootPlan;
  /** The control planes that answer. */
  readonly controlPlanes: readonly Machine[];
  /** Names of the machines that are nodes of it. */
  readonly nodes: ReadonlySet<string>;
}

/** Where WireGuard listens, and where flannel's VXLAN does (https://docs.k3s.io/installation/requirements). */
const wireGuardPort = 51_820;
const vxlanPort = 8472;
const apiPort = 6443;

/** The plan of a machine that is ready to look for a cluster, or the reason why it is not. */
export function planOf(machine: Machine): BootPlan | string {
  const { boot } = machine;
  if (!boot.joins) return boot.reason;
  const { privateCidr } = boot.plan;
  return privateCidr === "" || privateAddressIn(machine, privateCidr) !== undefined
    ? boot.plan
    : `has no address in ${privateCidr}: it waits to be attached to its private network.`;
}

/** Why a machine that is no node of the cluster cannot join it; undefined when it can. */
export function joinObstacle(
  machine: Machine,
  cluster: RunningCluster,
  state: CloudsState,
): string | undefined {
  const plan = planOf(machine);
  if (typeof plan === "string") return plan;
  return (
    tokenObstacle(plan, cluster.plan) ??
    nameObstacle(machine, cluster) ??
    gatewayObstacle(machine, cluster) ??
    apiObstacle(machine, plan, cluster, state) ??
    podNetworkObstacle(machine, cluster, state)
  );
}

function tokenObstacle({ role, token }: BootPlan, cluster: BootPlan): string | undefined {
  if (token.hash !== cluster.token.hash)
    return "carries a token for another cluster: its hash is not that of the cluster's authority.";
  const accepted = token.user === "server" ? cluster.token.secret : cluster.agentToken;
  if (token.secret !== accepted)
    return `was refused: the cluster knows no such token of ${role === "agent" ? "an agent" : "a server"}.`;
  return undefined;
}

/** Each node has a password of its own, which k3s keeps by the node's name. */
function nameObstacle({ name }: Machine, { nodes }: RunningCluster): string | undefined {
  if (!nodes.has(name)) return undefined;
  return "was refused: another machine is the node of that name, and has to go first.";
}

function gatewayObstacle({ place }: Machine, { nodes }: RunningCluster): string | undefined {
  if (place.kind === "cloud" || place.gateway === undefined || nodes.has(place.gateway)) return undefined;
  return `is behind ${place.gateway}, which is no node of the cluster: nobody reaches it through its router.`;
}

/** A machine asks one host after the other, as its bootstrap script does. */
function apiObstacle(
  machine: Machine,
  plan: BootPlan,
  cluster: RunningCluster,
  state: CloudsState,
): string | undefined {
  const refusals: string[] = [];
  for (const host of plan.servers) {
    const addresses = isIP(host) === 0 ? resolveName(host, state) : [host];
    if (addresses.length === 0) refusals.push(`the name ${host} does not resolve.`);
    for (const address of addresses) {
      const refusal = refusalAt(machine, address, cluster, state);
      if (refusal === undefined) return undefined;
      refusals.push(refusal);
    }
  }
  return `finds no server of its cluster: ${[...new Set(refusals)].join(" ")}`;
}

function refusalAt(
  machine: Machine,
  address: string,
  { controlPlanes }: RunningCluster,
  state: CloudsState,
): string | undefined {
  const found = controlPlanes.find(
    (one) => publicAddressOf(one) === address || hasPrivateAddress(one, address),
  );
  if (found === undefined) return `nobody answers at ${address}.`;
  const reach = canReach(sourceOf(machine), address, apiPort, "tcp", state);
  return reach.reached ? undefined : reach.reason;
}

/** Nodes that cannot exchange pods' packets with every control plane would be of no use to anybody. */
function podNetworkObstacle(
  machine: Machine,
  { plan, controlPlanes }: RunningCluster,
  state: CloudsState,
): string | undefined {
  const isPrivate = plan.settings["flannel-backend"] === "vxlan";
  const port = isPrivate ? vxlanPort : wireGuardPort;
  const addressOf = (one: Machine) =>
    isPrivate ? (privateAddressIn(one, plan.privateCidr) ?? publicAddressOf(one)) : publicAddressOf(one);
  const closed = controlPlanes.flatMap((peer) => {
    const ways = [
      canReach(sourceOf(machine), addressOf(peer), port, "udp", state),
      // A site's machine keeps its tunnel open from inside.
      ...(machine.place.kind === "cloud"
        ? [canReach(sourceOf(peer), addressOf(machine), port, "udp", state)]
        : []),
    ];
    const reasons = ways.flatMap((way) => (way.reached ? [] : [way.reason]));
    return reasons.length === 0 ? [] : [`${peer.name}: ${reasons.join(" ")}`];
  });
  return closed.length === 0 ? undefined : `cannot exchange pods' packets with ${closed.join(" And with ")}`;
}

function sourceOf({ place }: Machine) {
  return place.kind === "cloud" ? place.server : place.address;
}

function privateAddressIn({ place }: Machine, range: string): string | undefined {
  if (place.kind !== "cloud" || !ipaddr.IPv4.isValidCIDR(range)) return undefined;
  return place.server.privateAddresses.find(({ address }) =>
    ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(range)),
  )?.address;
}

function hasPrivateAddress({ place }: Machine, wanted: string): boolean {
  return place.kind === "cloud" && place.server.privateAddresses.some(({ address }) => address === wanted);
}
