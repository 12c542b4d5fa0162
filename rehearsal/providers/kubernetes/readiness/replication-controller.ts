import type { KubernetesObject } from "../manifest.ts";
import { numberAt } from "../values.ts";
import { diagnosePods } from "./pods.ts";
import { isObserved, ready, waiting, type ReadinessRule, type Verdict } from "./rule.ts";

/** A ReplicationController is ready when all its pods are available. */
export const replicationController: ReadinessRule = { assess, diagnose: diagnosePods };

function assess(object: KubernetesObject): Verdict {
  const wanted = numberAt(object, "spec", "replicas");
  const available = numberAt(object, "status", "availableReplicas");
  if (!isObserved(object) || available !== wanted)
    return waiting(`${available} of ${wanted} pods are available`);
  return ready;
}
