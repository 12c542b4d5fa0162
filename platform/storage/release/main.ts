/**
 * Deletes the claims of a storage class, and waits until their volumes are gone. Started by a Pulumi command, before the class and its driver
 * go.
 *
 * Environment: `UAP_KUBECONFIG` (contents; secret), `UAP_STORAGE_CLASS`, `UAP_TIMEOUT` (seconds); and from outside
 * `PULUMI_K8S_DELETE_UNREACHABLE`, by which a person tells that the cluster is no more.
 */
import { givenAccess } from "../../../infra/given-access.ts";
import { KubernetesApi } from "../../../infra/kubernetes-api.ts";
import { release } from "./release.ts";

const {
  PULUMI_K8S_DELETE_UNREACHABLE,
  UAP_KUBECONFIG = "",
  UAP_STORAGE_CLASS = "",
  UAP_TIMEOUT,
} = process.env;

try {
  const api = new KubernetesApi(givenAccess(UAP_KUBECONFIG));
  try {
    const left = await release(api, UAP_STORAGE_CLASS, Number(UAP_TIMEOUT ?? 900));
    if (left.length > 0) {
      console.error(`Volumes of the storage class ${UAP_STORAGE_CLASS} are left:`);
      for (const line of left) console.error(`  ${line}`);
      console.error(
        "Without the class and its driver nobody could delete them. Free them, and run this again.",
      );
      process.exitCode = 1;
    }
  } finally {
    api.close();
  }
} catch (error) {
  console.error(
    `The volumes of ${UAP_STORAGE_CLASS} cannot be seen: ${error instanceof Error ? error.message : String(error)}`,
  );
  if (PULUMI_K8S_DELETE_UNREACHABLE !== "true") {
    console.error("If the cluster is no more, set PULUMI_K8S_DELETE_UNREACHABLE=true, and run this again.");
    process.exitCode = 1;
  }
}
