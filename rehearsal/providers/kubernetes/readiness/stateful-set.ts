import type { KubernetesObject } from "../manifest.ts";
import { numberAt, textAt } from "../values.ts";
import { diagnosePods } from "./pods.ts";
import { isObserved, ready, waiting, type ReadinessRule, type Verdict } from "./rule.ts";

/** A StatefulSet is ready when all its pods are, and those that an update reaches run the latest template. */
export const statefulSet: ReadinessRule = { assess, diagnose: diagnosePods };

function assess(object: KubernetesObject): Verdict {
  if (!isObserved(object)) return waiting("the stateful set controller has not seen it yet");
  const wanted = numberAt(object, "spec", "replicas");
  const status = (field: string) => numberAt(object, "status", field);
  if (status("replicas") !== wanted) return waiting(`${status("replicas")} of ${wanted} pods exist`);
  if (status("readyReplicas") < wanted)
    return waiting(`${status("readyReplicas")} of ${wanted} pods are ready`);
  // Under OnDelete the new template reaches a pod when somebody deletes it: nothing to wait for.
  if (textAt(object, "spec", "updateStrategy", "type") === "OnDelete") return ready;
  const partition = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition");
  if (partition > 0) {
    const reached = Math.max(wanted - partition, 0);
    const updated = status("updatedReplicas");
    return updated < reached ? waiting(`${updated} of ${reached} pods are up to date`) : ready;
  }
  const current = textAt(object, "status", "currentRevision") === textAt(object, "status", "updateRevision");
  return current ? ready : waiting(`${status("updatedReplicas")} of ${wanted} pods are up to date`);
}
