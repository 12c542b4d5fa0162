/** Objects that others build on: readiness that one field or condition tells. */
import type { KubernetesObject } from "../manifest.ts";
import { at, mappingAt, textAt } from "../values.ts";
import { sameQuantity } from "../quantity.ts";
import {
  conditionOf,
  explainCondition,
  failed,
  ready,
  waiting,
  type ReadinessRule,
  type Verdict,
} from "./rule.ts";

/** A CustomResourceDefinition is ready when its names are accepted and the API server serves it. */
export const customResourceDefinition: ReadinessRule = { assess: assessDefinition };

/** A Namespace is ready when it is active. */
export const namespace: ReadinessRule = {
  assess: (object) =>
    textAt(object, "status", "phase") === "Active" ? ready : waiting("it is not active yet"),
};

/** A ResourceQuota is ready when its controller has taken over its limits. */
export const resourceQuota: ReadinessRule = { assess: assessQuota };

/** A Secret is ready at once, unless it asks for a service account's token. */
export const secret: ReadinessRule = {
  assess: (object) => {
    const isToken = at(object, "type") === "kubernetes.io/service-account-token";
    const filled = Object.keys(mappingAt(object, "data")).length > 0;
    return !isToken || filled ? ready : waiting("its token has not been issued yet");
  },
};

function assessDefinition(object: KubernetesObject): Verdict {
  const names = conditionOf(object, "NamesAccepted");
  if (names?.status === "False") return failed(explainCondition(names, "its names are not accepted"));
  const established = conditionOf(object, "Established");
  if (established?.status === "True") return ready;
  return waiting(explainCondition(established, "the API server does not serve it yet"));
}

function assessQuota(object: KubernetesObject): Verdict {
  const [wanted, taken] = [mappingAt(object, "spec", "hard"), mappingAt(object, "status", "hard")];
  const missing = Object.keys(wanted).filter((key) => !sameQuantity(wanted[key], taken[key]));
  return missing.length === 0 ? ready : waiting(`its controller has not taken over ${missing.join(", ")}`);
}
