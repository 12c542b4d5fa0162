import type { KubernetesObject } from "../manifest.ts";
import { numberAt, textAt } from "../values.ts";
import { diagnosePods } from "./pods.ts";
import { isObserved, ready, waiting, type ReadinessRule, type Verdict } from "./rule.ts";

/** A DaemonSet is ready when its latest template is available on every node that it wants. */
export const daemonSet: ReadinessRule = { assess, diagnose: diagnosePods };

function assess(object: KubernetesObject): Verdict {
  if (!isObserved(object)) return waiting("the daemon set controller has not seen it yet");
  const status = (field: string) => numberAt(object, "status", field);
  const wanted = status("desiredNumberScheduled");
  const byHand = textAt(object, "spec", "updateStrategy", "type") === "OnDelete";
  if (!byHand && status("updatedNumberScheduled") < wanted) {
    return waiting(`${status("updatedNumberScheduled")} of ${wanted} nodes run the latest template`);
  }
  if (status("numberAvailable") < wanted) {
    return waiting(`pods are available on ${status("numberAvailable")} of ${wanted} nodes`);
  }
  return ready;
}
