import { hasStatus } from "../../kubernetes/kubernetes-error.ts";
import type { Cluster } from "./cluster.ts";
import type { KubernetesObject } from "./manifest.ts";
import { listAt, textAt } from "./values.ts";

/**
 * Has the server open the storage of a definition's objects, which it does when first asked for them.
 *
 * Before a definition goes, the server deletes its objects. When it has never looked at them, its first look finds the storage not ready;
 * it then notes its failure in the definition, and when that note crosses with another change it does not look again for minutes
 * (seen with Kubernetes 1.36, with a fresh definition in every third destroy on a busy computer).
 */
export async function openStorage(cluster: Cluster, definition: KubernetesObject): Promise<void> {
  const group = textAt(definition, "spec", "group") ?? "";
  const plural = textAt(definition, "spec", "names", "plural") ?? "";
  const versions = listAt(definition, "spec", "versions");
  const stored = versions.find(({ storage, served }) => storage === true && served === true);
  if (stored === undefined) return;
  try {
    await cluster.request("GET", `/apis/${group}/${textAt(stored, "name") ?? ""}/${plural}`, {
      query: { limit: 1 },
    });
  } catch (error) {
    if (!hasStatus(error, 403, 404)) throw error;
  }
}
