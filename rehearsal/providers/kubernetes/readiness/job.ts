import type { KubernetesObject } from "../manifest.ts";
import { at, numberAt } from "../values.ts";
import { diagnosePods } from "./pods.ts";
import {
  conditionOf,
  explainCondition,
  failed,
  ready,
  waiting,
  type ReadinessRule,
  type Verdict,
} from "./rule.ts";

/** A Job is ready when it has completed, and has failed when it says so. */
export const job: ReadinessRule = { assess, diagnose: diagnosePods };

function assess(object: KubernetesObject): Verdict {
  const failure = conditionOf(object, "Failed");
  if (failure?.status === "True") return failed(explainCondition(failure, "the job failed"));
  if (conditionOf(object, "Complete")?.status === "True") return ready;
  if (at(object, "spec", "suspend") === true) {
    return waiting(
      "it is suspended (`spec.suspend`), so it does not start; skip the wait with pulumi.com/skipAwait",
    );
  }
  const [succeeded, wanted] = [
    numberAt(object, "status", "succeeded"),
    numberAt(object, "spec", "completions"),
  ];
  return waiting(`${succeeded} of ${wanted} completions`);
}
