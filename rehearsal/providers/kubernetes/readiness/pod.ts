import type { KubernetesObject } from "../manifest.ts";
import { textAt } from "../values.ts";
import { causeOf } from "./pods.ts";
import { conditionOf, failed, ready, waiting, type ReadinessRule, type Verdict } from "./rule.ts";

/** A Pod is ready when it says so, or has ended well. */
export const pod: ReadinessRule = { assess };

function assess(object: KubernetesObject): Verdict {
  const phase = textAt(object, "status", "phase");
  if (phase === "Succeeded" || conditionOf(object, "Ready")?.status === "True") return ready;
  const cause = `the pod ${causeOf(object) ?? "is not ready"}`;
  return phase === "Failed" ? failed(cause) : waiting(cause);
}
