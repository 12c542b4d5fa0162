import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startKubernetes } from "../rehearsal/kubernetes/index.ts";
import { clusterTools } from "../rehearsal/session/session-cluster.ts";
import { obtainTools } from "../rehearsal/toolchain/index.ts";
import { seconds, type Seconds } from "./statistics.ts";

const run = promisify(execFile);

/**
 * `kubectl apply --server-side` of the same objects on an empty embedded cluster. It waits for nothing to become ready.
 *
 * @returns undefined when there is no kubectl.
 */
export async function measureKubectl(objects: readonly object[]): Promise<Seconds | undefined> {
  if (!(await hasKubectl())) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "uap-kubectl-"));
  try {
    const tools = await obtainTools(clusterTools);
    const nodes = [{ name: "node-1", cpu: "4", memory: "8Gi" }];
    const kubernetes = await startKubernetes({
      name: "kubectl",
      folder: join(folder, "cluster"),
      tools,
      nodes,
    });
    try {
      const file = join(folder, "objects.json");
      await writeFile(
        file,
        JSON.stringify({ apiVersion: "v1", kind: "List", items: namespacesFirst(objects) }),
      );
      return await seconds(() =>
        run("kubectl", [
          "--kubeconfig",
          kubernetes.kubeconfigPath,
          "apply",
          "--server-side",
          "--validate=false",
          "--filename",
          file,
        ]),
      );
    } finally {
      await kubernetes.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** kubectl applies in the order of the file. */
function namespacesFirst(objects: readonly object[]): object[] {
  const isNamespace = (object: object) => "kind" in object && object.kind === "Namespace";
  return [...objects.filter(isNamespace), ...objects.filter((object) => !isNamespace(object))];
}

async function hasKubectl(): Promise<boolean> {
  return run("kubectl", ["version", "--client"]).then(
    () => true,
    () => false,
  );
}
