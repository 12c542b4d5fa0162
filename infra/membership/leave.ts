/**
 * Takes a node out of its cluster before its server is deleted. Started by a Pulumi command. It always succeeds: when the cluster is gone
 * already, that must not keep its servers alive.
 *
 * Environment: `UAP_KUBECONFIG` (contents; secret), `UAP_NODE` (name), `UAP_DRAIN_SECONDS`, and `UAP_SEED_STACK` where the node is a machine
 * of one's own: the stack whose folder holds the files that it booted from.
 */
import { removeSeedFiles, seedsFolder } from "../bootstrap/seeds-folder.ts";
import { apiAccess, KubernetesApi } from "../kubernetes-api.ts";
import { leaveCluster } from "./departure.ts";

const { UAP_KUBECONFIG = "", UAP_NODE = "", UAP_DRAIN_SECONDS = "300", UAP_SEED_STACK = "" } = process.env;

try {
  const api = new KubernetesApi(apiAccess(UAP_KUBECONFIG));
  try {
    await leaveCluster(api, UAP_NODE, Number(UAP_DRAIN_SECONDS), console.log);
  } finally {
    api.close();
  }
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.log(`${UAP_NODE} leaves its cluster as it is: ${reason}`);
  console.log(`If that cluster lives on, remove what is left by: kubectl delete node ${UAP_NODE}`);
}

if (UAP_SEED_STACK !== "") {
  const folder = seedsFolder(UAP_SEED_STACK);
  await removeSeedFiles(folder, UAP_NODE).catch((error: unknown) => {
    console.log(
      `Remove the files of ${UAP_NODE} in ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
}
