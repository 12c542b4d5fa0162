import { servicesOf, type Service } from "./cluster-services.ts";
import { workloadsOf, type Workload } from "./cluster-workloads.ts";
import type { MockResource } from "./mock-engine.ts";
import type { Namespaces, NetworkPolicy } from "./network-policies.ts";
import { isSimulated, readObjects, type KubernetesObject } from "./objects.ts";

/** A stack's cluster as its network sees it. */
export interface ClusterModel {
  readonly namespaces: Namespaces;
  readonly policies: readonly NetworkPolicy[];
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly objects: readonly KubernetesObject[];
}

/**
 * The cluster of a stack.
 *
 * @param rendered the program's resources where charts come from their publishers: its own objects, and the values of its charts
 * @param simulated the same where charts are simulated: their workloads and Services
 */
export function clusterModel(
  rendered: readonly MockResource[],
  simulated: readonly MockResource[],
): ClusterModel {
  const objects = readObjects(rendered);
  const charts = readObjects(simulated).filter(isSimulated);
  const namespaces = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
  const workloads = workloadsOf(objects, charts, rendered);
  return {
    namespaces: Object.fromEntries(
      ["kube-system", "default", ...namespaces].map((name) => [
        name,
        { "kubernetes.io/metadata.name": name },
      ]),
    ),
    policies: objects.filter(({ kind }) => kind === "NetworkPolicy").map(policyOf),
    workloads,
    services: servicesOf([...objects, ...charts], workloads),
    objects,
  };
}

function policyOf({ metadata, spec }: KubernetesObject): NetworkPolicy {
  return { ...(spec as object), name: metadata.name, namespace: metadata.namespace ?? "default" };
}
