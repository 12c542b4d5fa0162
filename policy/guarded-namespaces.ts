import type { Policy, Report } from "./policy.ts";
import { isKind, objectName, objectNamespace } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { enumeration, isObject, listOf, notYetKnown, objectOf, valueAt } from "./values.ts";
import { podSpecPath } from "./workloads.ts";

/** Settings of {@link guardedNamespaces}. */
export interface GuardedNamespacesSettings {
  /** Names of namespaces that need no guards; with `default` among them, workloads may live there. */
  readonly exempt: readonly string[];
}

/** Every namespace has a quota, a limit range and default-deny network policies, and nothing runs in `default`. */
export const guardedNamespaces: Policy<GuardedNamespacesSettings> = {
  name: "guarded-namespaces",
  description:
    "Every namespace has a resource quota, a limit range and a default-deny network policy for both directions, and no workload lives in the namespace `default`.",
  why: "In a namespace without guards one runaway pod can starve the cluster, and one compromised pod can reach every other.",
  severity: "high",
  enforcementLevel: "mandatory",
  frameworks: ["CIS Kubernetes Benchmark", "NSA/CISA Kubernetes Hardening Guidance"],
  topics: ["network", "isolation", "resources"],
  link: "https://kubernetes.io/docs/concepts/security/multi-tenancy/",
  settings: {
    exempt: {
      type: "array",
      items: { type: "string" },
      description:
        "Namespaces that need no guards, since Kubernetes itself looks after them. With `default` among them, workloads may live there.",
      default: ["kube-system", "kube-public", "kube-node-lease"],
    },
  },
  validateStack(resources, report, settings) {
    const namespaces = resources.filter((resource) => isKind(resource, "core", "Namespace"));
    for (const namespace of namespaces) {
      if (isExempt(objectName(namespace), settings)) continue;
      const inside = resources.filter((resource) => mayLieIn(resource, namespace, namespaces));
      const missing = guards.filter((guard) => !inside.some(guard.matches)).map((guard) => guard.name);
      if (missing.length > 0) reportMissingGuards(namespace, missing, report);
    }
    if (settings.exempt.includes("default")) return;
    for (const workload of resources.filter((resource) => podSpecPath(resource) !== undefined)) {
      if (objectNamespace(workload) === "default") reportDefaultNamespace(workload, report);
    }
  },
};

/** What a namespace must hold: how a message calls it, and which resources are one. */
const guards: readonly { readonly name: string; readonly matches: (resource: Resource) => boolean }[] = [
  { name: "ResourceQuota", matches: isQuota },
  { name: "LimitRange for containers", matches: isLimitRange },
  {
    name: "default-deny NetworkPolicy for ingress",
    matches: (resource) => deniesByDefault(resource, "Ingress"),
  },
  {
    name: "default-deny NetworkPolicy for egress",
    matches: (resource) => deniesByDefault(resource, "Egress"),
  },
];

function isExempt(name: unknown, settings: GuardedNamespacesSettings): boolean {
  return typeof name === "string" && settings.exempt.includes(name);
}

function reportMissingGuards(namespace: Resource, missing: readonly string[], report: Report): void {
  report(namespace, {
    path: "metadata.name",
    problem: `the namespace has no ${enumeration(missing)}`,
    fix: "make the namespace with the kit, which adds its guards, or add them beside it",
  });
}

function reportDefaultNamespace(workload: Resource, report: Report): void {
  report(workload, {
    path: "metadata.namespace",
    problem: "the workload lives in the namespace `default`",
    fix: "give it the namespace of its system",
  });
}

/**
 * Tells whether an object lies in a namespace, as far as can be told.
 *
 * In the preview of a cluster that does not exist yet names are unknown. What then counts is where the object's metadata
 * come from; when they come from no namespace of the stack it gets the benefit of the doubt, since a preview must not
 * invent breaches and the update looks again with every name known.
 */
function mayLieIn(resource: Resource, namespace: Resource, namespaces: readonly Resource[]): boolean {
  const name = objectName(namespace);
  const own = objectNamespace(resource);
  if (own !== notYetKnown) return own === name;
  const sources = resource.propertyDependencies.metadata ?? [];
  return sources.includes(namespace.urn) || !namespaces.some(({ urn }) => sources.includes(urn));
}

/** A quota that limits nothing is none. */
function isQuota(resource: Resource): boolean {
  if (!isKind(resource, "core", "ResourceQuota")) return false;
  const hard = valueAt(resource.properties, "spec", "hard");
  return hard === notYetKnown || Object.keys(objectOf(hard)).length > 0;
}

function isLimitRange(resource: Resource): boolean {
  if (!isKind(resource, "core", "LimitRange")) return false;
  const limits = valueAt(resource.properties, "spec", "limits");
  return limits === notYetKnown || listOf(limits).some((limit) => valueAt(limit, "type") === "Container");
}

/**
 * Tells whether a network policy selects every pod of its namespace and thereby closes one direction.
 *
 * It may open edges of its own, such as DNS; a rule without peers and ports would open everything and is not accepted.
 */
function deniesByDefault(resource: Resource, direction: "Ingress" | "Egress"): boolean {
  if (!isKind(resource, "networking.k8s.io", "NetworkPolicy")) return false;
  const spec = valueAt(resource.properties, "spec");
  if (spec === notYetKnown) return true;
  const rules = listOf(valueAt(spec, direction.toLowerCase()));
  return (
    selectsEveryPod(valueAt(spec, "podSelector")) &&
    directionsOf(spec).includes(direction) &&
    !rules.some((rule) => isObject(rule) && Object.keys(rule).length === 0)
  );
}

function selectsEveryPod(selector: unknown): boolean {
  const { matchLabels, matchExpressions } = objectOf(selector);
  return Object.keys(objectOf(matchLabels)).length === 0 && listOf(matchExpressions).length === 0;
}

/** The directions a network policy governs. Where it does not say, Kubernetes adds Egress only if there are egress rules. */
function directionsOf(spec: unknown): readonly unknown[] {
  const stated = listOf(valueAt(spec, "policyTypes"));
  if (stated.length > 0) return stated;
  return listOf(valueAt(spec, "egress")).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}
