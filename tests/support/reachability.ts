import type { ClusterModel } from "./cluster-model.ts";
import { machine, type Workload } from "./cluster-workloads.ts";
import {
  applies,
  mayConnect,
  mayEnter,
  mayLeave,
  openingsOf,
  permits,
  typesOf,
  type Opening,
  type Party,
} from "./network-policies.ts";
import { nameOf, type Edge } from "./edges.ts";

/** The two ends of an edge as policies see them: two pods, also where a workload calls its own. */
function partiesOf({ from, to }: Pick<Edge, "from" | "to">): readonly [Party, Party] {
  return [partyOf(from), from === to && to !== "machines" ? to.sibling : partyOf(to)];
}

function partyOf(end: Workload | "machines"): Party {
  return end === "machines" ? machine : end.party;
}

/** The edges that policies do not let through, as lines that say which side is closed. */
export function blocked(model: ClusterModel, edges: readonly Edge[]): string[] {
  return unique(
    edges.flatMap((edge) => {
      const [from, to] = partiesOf(edge);
      const isOut = edge.isForOthers === true || mayLeave(model, from, to, edge);
      const isIn = mayEnter(model, from, to, edge);
      if (isOut && isIn) return [];
      const side = isOut ? "is not let in" : isIn ? "is not let out" : "is let neither out nor in";
      return [`${lineOf(edge)} ${side} (${edge.reason})`];
    }),
  );
}

/** The openings that no edge goes through, as lines; that names are resolved is open everywhere. */
export function unneeded(model: ClusterModel, edges: readonly Edge[]): string[] {
  return unique(
    model.policies
      .filter(({ name }) => name !== "allow-dns")
      .flatMap(openingsOf)
      .filter((opening) => !edges.some((edge) => goesThrough(model, opening, edge)))
      .map(lineOfOpening),
  );
}

function goesThrough({ namespaces }: ClusterModel, opening: Opening, edge: Edge): boolean {
  const [from, to] = partiesOf(edge);
  const guarded = opening.direction === "Ingress" ? to : from;
  return (
    guarded.kind === "pod" && applies(opening.policy, guarded) && permits(namespaces, opening, from, to, edge)
  );
}

/** The policies that select no pod, as lines. */
export function idle({ policies, workloads }: ClusterModel): string[] {
  return policies
    .filter((policy) => !isForAll(policy) && !workloads.some(({ party }) => isSelected(policy, party)))
    .map(({ name, namespace }) => `${namespace}/${name}`);
}

function isForAll({ podSelector = {} }: ClusterModel["policies"][number]): boolean {
  return Object.keys(podSelector.matchLabels ?? {}).length === 0 && !podSelector.matchExpressions;
}

function isSelected(policy: ClusterModel["policies"][number], party: Party): boolean {
  return party.kind === "pod" && applies(policy, party);
}

/**
 * The ways from one namespace to a port of another one that are open, and that nobody asked for, as lines. Inside of a namespace everything
 * is one system, whose pods no label may tell apart; and what every machine may do needs not be said of pods that nobody guards.
 */
export function excess(model: ClusterModel, edges: readonly Edge[]): string[] {
  const wanted = new Set(edges.map(keyOf));
  const callers: readonly (Workload | "machines")[] = [...model.workloads, "machines"];
  return unique(
    model.workloads
      .filter(({ namespace }) => !unguarded.includes(namespace))
      .flatMap((to) =>
        callers
          .filter((from) => from === "machines" || from.namespace !== to.namespace)
          .flatMap((from) =>
            to.listens.map((port): Edge => ({ from, to, port, protocol: "TCP", reason: "" })),
          )
          .filter((edge) => !wanted.has(keyOf(edge)) && isOpen(model, edge) && !isOpenToAll(model, edge))
          .map(lineOf),
      ),
  );
}

/** The namespaces that are not the platform's. */
const unguarded = ["kube-system", "default"];

function isOpenToAll(model: ClusterModel, edge: Edge): boolean {
  const { from } = edge;
  if (from === "machines") return false;
  const isLikeMachine = from.party.kind === "machine" || unguarded.includes(from.namespace);
  return isLikeMachine && isOpen(model, { ...edge, from: "machines" });
}

function isOpen(model: ClusterModel, edge: Edge): boolean {
  const [from, to] = partiesOf(edge);
  return to.kind === "pod" && mayConnect(model, from, to, edge);
}

function keyOf({ from, port, to }: Edge): string {
  return `${from === "machines" ? from : from.namespace} ${nameOf(to)} ${port}`;
}

/** The namespaces that do not deny everything, in both directions, to whomever no other policy is for. */
export function undefended({ namespaces, policies }: ClusterModel): string[] {
  return Object.keys(namespaces)
    .filter((namespace) => !unguarded.includes(namespace))
    .filter(
      (namespace) =>
        !policies.some(
          (policy) =>
            policy.namespace === namespace &&
            isForAll(policy) &&
            typesOf(policy).length === 2 &&
            openingsOf(policy).length === 0,
        ),
    );
}

function lineOf({ from, port, protocol, to }: Edge): string {
  return `${nameOf(from)} → ${nameOf(to)}:${port}${protocol === "TCP" ? "" : `/${protocol}`}`;
}

function lineOfOpening({ direction, peer, policy, port }: Opening): string {
  const ports =
    port?.port === undefined ? "any port" : `${port.port}${port.endPort ? `-${port.endPort}` : ""}`;
  return `${policy.namespace}/${policy.name} ${direction} ${ports} ${JSON.stringify(peer ?? "everybody")}`;
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)].sort();
}
