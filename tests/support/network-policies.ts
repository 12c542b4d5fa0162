import ipaddr from "ipaddr.js";

export type Labels = Readonly<Record<string, string>>;
export type Protocol = "TCP" | "UDP" | "SCTP";

/** Kubernetes' selector of labels; an empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

/** One side of a rule, as the API has it. */
export interface PolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** The ports of a rule, as the API has them. */
export interface PolicyPort {
  /** @default "TCP" */
  readonly protocol?: Protocol;
  /** A number, or the name of a port of the pod that is called. @default all */
  readonly port?: number | string;
  /** The last one of a range. @default the port itself */
  readonly endPort?: number;
}

interface Rule {
  readonly ports?: readonly PolicyPort[];
}

/** A NetworkPolicy: its specification, name and namespace. */
export interface NetworkPolicy {
  readonly name: string;
  readonly namespace: string;
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly Direction[];
  readonly ingress?: readonly (Rule & { readonly from?: readonly PolicyPeer[] })[];
  readonly egress?: readonly (Rule & { readonly to?: readonly PolicyPeer[] })[];
}

export type Direction = "Ingress" | "Egress";

/** A pod in the pods' network. */
export interface Pod {
  readonly kind: "pod";
  readonly namespace: string;
  readonly labels: Labels;
  readonly address: string;
  /** Numbers of its containers' ports by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** What is no pod to policies: a node, a pod in its node's network, the API server, a computer elsewhere. */
export interface Machine {
  readonly kind: "machine";
  readonly address: string;
}

/** Who connects, or is connected to. */
export type Party = Pod | Machine;

/** Where a connection goes to. */
export interface Target {
  readonly port: number;
  readonly protocol: Protocol;
}

/** One thing that a policy allows: a peer on a port. What a policy says is the sum of its openings. */
export interface Opening {
  readonly policy: NetworkPolicy;
  readonly direction: Direction;
  /** @default everybody */
  readonly peer: PolicyPeer | undefined;
  /** @default all ports */
  readonly port: PolicyPort | undefined;
}

/** Labels of namespaces by name. */
export type Namespaces = Readonly<Record<string, Labels>>;

/** Everything that policies are judged by. */
export interface PolicyWorld {
  readonly namespaces: Namespaces;
  readonly policies: readonly NetworkPolicy[];
}

/**
 * Whether one party may connect to another one, by Kubernetes' rules: the caller's policies must let it out, and those of the called let it
 * in. A pod that no policy of a direction selects is open in that direction. The two are different pods: a pod always reaches itself.
 */
export function mayConnect(world: PolicyWorld, from: Party, to: Party, target: Target): boolean {
  return mayLeave(world, from, to, target) && mayEnter(world, from, to, target);
}

/** Whether the caller's side lets it out. */
export function mayLeave(world: PolicyWorld, from: Party, to: Party, target: Target): boolean {
  return passes(world, "Egress", from, to, target);
}

/** Whether the side of the called lets the caller in. */
export function mayEnter(world: PolicyWorld, from: Party, to: Party, target: Target): boolean {
  return passes(world, "Ingress", from, to, target);
}

function passes(world: PolicyWorld, direction: Direction, from: Party, to: Party, target: Target): boolean {
  const guarded = direction === "Egress" ? from : to;
  if (guarded.kind === "machine") return true;
  const own = world.policies.filter(
    (policy) => typesOf(policy).includes(direction) && applies(policy, guarded),
  );
  if (own.length === 0) return true;
  return own
    .flatMap(openingsOf)
    .some(
      (opening) => opening.direction === direction && permits(world.namespaces, opening, from, to, target),
    );
}

/** Whether a policy is about a pod. */
export function applies({ namespace, podSelector }: NetworkPolicy, pod: Pod): boolean {
  return pod.namespace === namespace && selects(podSelector, pod.labels);
}

/** The directions that a policy closes; unless it says so, those coming in, and those going out if it has rules of them. */
export function typesOf({ egress, policyTypes }: NetworkPolicy): readonly Direction[] {
  return policyTypes ?? (egress && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"]);
}

/** A policy, opening by opening. A rule without peers is for everybody, one without ports for all of them. */
export function openingsOf(policy: NetworkPolicy): Opening[] {
  const types = typesOf(policy);
  const rules = [
    ...(policy.ingress ?? []).map(
      ({ from, ports }) => ({ direction: "Ingress", peers: from, ports }) as const,
    ),
    ...(policy.egress ?? []).map(({ ports, to }) => ({ direction: "Egress", peers: to, ports }) as const),
  ];
  return rules
    .filter(({ direction }) => types.includes(direction))
    .flatMap(({ direction, peers, ports }) =>
      orAny(peers).flatMap((peer) => orAny(ports).map((port) => ({ policy, direction, peer, port }))),
    );
}

function orAny<Item>(items: readonly Item[] | undefined): readonly (Item | undefined)[] {
  return items && items.length > 0 ? items : [undefined];
}

/** Whether an opening is for this connection; that its policy applies to the guarded pod is taken for granted. */
export function permits(
  namespaces: Namespaces,
  { direction, peer, policy, port }: Opening,
  from: Party,
  to: Party,
  target: Target,
): boolean {
  const far = direction === "Ingress" ? from : to;
  return matchesPeer(namespaces, policy.namespace, peer, far) && matchesPort(port, to, target);
}

function matchesPeer(
  namespaces: Namespaces,
  home: string,
  peer: PolicyPeer | undefined,
  far: Party,
): boolean {
  if (!peer) return true;
  if (peer.ipBlock) return isWithin(far.address, peer.ipBlock);
  if (far.kind === "machine") return false;
  const isThere = peer.namespaceSelector
    ? selects(peer.namespaceSelector, namespaces[far.namespace] ?? {})
    : far.namespace === home;
  return isThere && selects(peer.podSelector, far.labels);
}

function isWithin(address: string, { cidr, except = [] }: NonNullable<PolicyPeer["ipBlock"]>): boolean {
  const parsed = ipaddr.parse(address);
  const contains = (block: string) => {
    const [range, bits] = ipaddr.parseCIDR(block);
    return range.kind() === parsed.kind() && parsed.match([range, bits]);
  };
  return contains(cidr) && !except.some(contains);
}

function matchesPort(allowed: PolicyPort | undefined, to: Party, { port, protocol }: Target): boolean {
  if (!allowed) return true;
  if ((allowed.protocol ?? "TCP") !== protocol) return false;
  if (allowed.port === undefined) return true;
  const first = typeof allowed.port === "number" ? allowed.port : namedPort(allowed.port, to);
  return first !== undefined && port >= first && port <= (allowed.endPort ?? first);
}

function namedPort(name: string, to: Party): number | undefined {
  return to.kind === "pod" ? to.ports[name] : undefined;
}

/** Whether a selector selects labels; none at all selects everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  const { matchExpressions = [], matchLabels = {} } = selector ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          return operator satisfies never;
      }
    })
  );
}
