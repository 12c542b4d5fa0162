import type { Cluster } from "../cluster.ts";
import type { KubernetesObject } from "../manifest.ts";
import { at, listAt, mappingAt, textAt, type Mapping } from "../values.ts";
import { follow } from "../watch.ts";
import { ready, waiting, type ReadinessRule, type Verdict } from "./rule.ts";

/**
 * A Service is ready when its load balancer has an address, and the cluster has looked for its pods and none that it found is
 * still unready. A Service that finds no pod at all is ready, too: its pods may come later.
 */
export const service: ReadinessRule = { assess, companions: waitForEndpoints };

function assess(object: KubernetesObject): Verdict {
  if (textAt(object, "spec", "type") !== "LoadBalancer") return ready;
  if (listAt(object, "status", "loadBalancer", "ingress").length > 0) return ready;
  return waiting(
    "it has no load balancer address yet: does something in this cluster provide load balancers?",
  );
}

async function waitForEndpoints(
  cluster: Cluster,
  object: KubernetesObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!hasEndpoints(object)) return undefined;
  const namespace = object.metadata.namespace ?? cluster.namespace;
  const selection = {
    path: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
    labelSelector: `kubernetes.io/service-name=${object.metadata.name}`,
  };
  let missing = "";
  for await (const slices of follow(cluster, selection, signal)) {
    const unready = [...slices.values()].flatMap(unreadyPods);
    if (slices.size > 0 && unready.length === 0) return undefined;
    missing =
      unready.length > 0
        ? `these pods behind it are not ready: ${unready.slice(0, 5).join(", ")}`
        : "the cluster has not looked for its pods yet";
  }
  return missing;
}

/** Headless and external Services, and those without a selector, have no endpoints of the cluster's making. */
function hasEndpoints(object: KubernetesObject): boolean {
  const selector = mappingAt(object, "spec", "selector");
  const headless = textAt(object, "spec", "clusterIP") === "None";
  return !headless && textAt(object, "spec", "type") !== "ExternalName" && Object.keys(selector).length > 0;
}

function unreadyPods(slice: Mapping): readonly string[] {
  return listAt(slice, "endpoints")
    .filter((endpoint) => at(endpoint, "conditions", "ready") === false)
    .filter((endpoint) => at(endpoint, "conditions", "terminating") !== true)
    .map((endpoint) => textAt(endpoint, "targetRef", "name") ?? "an endpoint without a pod");
}
