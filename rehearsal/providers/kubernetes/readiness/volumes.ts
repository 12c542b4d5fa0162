import { hasStatus } from "../../../kubernetes/kubernetes-error.ts";
import type { Cluster } from "../cluster.ts";
import type { KubernetesObject } from "../manifest.ts";
import { textAt } from "../values.ts";
import { warningsAbout } from "./pods.ts";
import { failed, ready, waiting, type ReadinessRule, type Verdict } from "./rule.ts";

/** A PersistentVolumeClaim is ready when it is bound, or will be once a pod uses it. */
export const persistentVolumeClaim: ReadinessRule = {
  assess: assessClaim,
  isExempt: waitsForConsumer,
  diagnose: (cluster, object) =>
    warningsAbout(cluster, object.metadata.namespace ?? cluster.namespace, object),
};

/** A PersistentVolume is ready when it can be claimed, or is. */
export const persistentVolume: ReadinessRule = { assess: assessVolume };

function assessClaim(object: KubernetesObject): Verdict {
  const phase = textAt(object, "status", "phase") ?? "Pending";
  if (phase === "Bound") return ready;
  if (phase === "Lost") return failed("the volume that it was bound to is gone");
  const storageClass = textAt(object, "spec", "storageClassName") ?? "";
  const from = storageClass === "" ? "and it names no storage class" : `(storage class "${storageClass}")`;
  return waiting(`no volume is bound to it yet ${from}`);
}

async function waitsForConsumer(cluster: Cluster, object: KubernetesObject): Promise<boolean> {
  const name = textAt(object, "spec", "storageClassName") ?? "";
  if (name === "") return false;
  try {
    const path = `/apis/storage.k8s.io/v1/storageclasses/${encodeURIComponent(name)}`;
    const storageClass = await cluster.request("GET", path);
    return textAt(storageClass, "volumeBindingMode") === "WaitForFirstConsumer";
  } catch (error) {
    if (hasStatus(error, 403, 404)) return false;
    throw error;
  }
}

function assessVolume(object: KubernetesObject): Verdict {
  const phase = textAt(object, "status", "phase") ?? "Pending";
  if (phase === "Available" || phase === "Bound") return ready;
  return phase === "Failed" ? failed("its reclamation failed") : waiting(`it is ${phase}`);
}
