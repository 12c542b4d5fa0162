import type { KubernetesObject } from "../manifest.ts";
import { at, numberAt } from "../values.ts";
import { diagnosePods } from "./pods.ts";
import {
  conditionOf,
  explainCondition,
  failed,
  isObserved,
  ready,
  waiting,
  type ReadinessRule,
  type Verdict,
} from "./rule.ts";

/** A Deployment is ready when its latest template runs everywhere and no older pod is left. */
export const deployment: ReadinessRule = { assess, diagnose };

function assess(object: KubernetesObject): Verdict {
  if (at(object, "spec", "paused") === true) return ready;
  if (!isObserved(object)) return waiting("the deployment controller has not seen it yet");
  const progressing = conditionOf(object, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return failed(explainCondition(progressing, "its progress deadline has passed"));
  }
  const wanted = numberAt(object, "spec", "replicas");
  const status = (field: string) => numberAt(object, "status", field);
  if (status("updatedReplicas") < wanted)
    return waiting(`${status("updatedReplicas")} of ${wanted} pods are up to date`);
  if (status("replicas") > wanted)
    return waiting(`${status("replicas") - wanted} older pods are still ending`);
  if (status("availableReplicas") < wanted)
    return waiting(`${status("availableReplicas")} of ${wanted} pods are available`);
  return ready;
}

async function diagnose(...[cluster, object]: Parameters<typeof diagnosePods>): Promise<readonly string[]> {
  const refused = conditionOf(object, "ReplicaFailure");
  const lines = refused === undefined ? [] : [explainCondition(refused, "pods cannot be created")];
  return [...lines, ...(await diagnosePods(cluster, object))];
}
