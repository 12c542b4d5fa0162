import { hasStatus } from "../../../kubernetes/kubernetes-error.ts";
import type { Cluster } from "../cluster.ts";
import type { KubernetesObject } from "../manifest.ts";
import { listAt, textAt } from "../values.ts";
import { ready, waiting, type ReadinessRule, type Verdict } from "./rule.ts";

/** An Ingress is ready when its controller has given it an address. */
export const ingress: ReadinessRule = { assess, diagnose: missingServices };

function assess(object: KubernetesObject): Verdict {
  if (listAt(object, "status", "loadBalancer", "ingress").length > 0) return ready;
  const ingressClass = textAt(object, "spec", "ingressClassName");
  const controller =
    ingressClass === undefined ? "an ingress controller" : `a controller for class "${ingressClass}"`;
  return waiting(`it has no address yet: is ${controller} running in this cluster?`);
}

async function missingServices(cluster: Cluster, object: KubernetesObject): Promise<readonly string[]> {
  const namespace = object.metadata.namespace ?? cluster.namespace;
  const paths = listAt(object, "spec", "rules").flatMap((rule) => listAt(rule, "http", "paths"));
  const backends = paths.map((path) => textAt(path, "backend", "service", "name"));
  const names = [...new Set([...backends, textAt(object, "spec", "defaultBackend", "service", "name")])];
  const lines = await Promise.all(
    names.map(async (name) => {
      if (name === undefined || (await exists(cluster, `/api/v1/namespaces/${namespace}/services/${name}`)))
        return [];
      return [`It points to the Service "${name}", which does not exist in namespace "${namespace}".`];
    }),
  );
  return lines.flat();
}

async function exists(cluster: Cluster, path: string): Promise<boolean> {
  try {
    await cluster.request("GET", path);
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}
