import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import { hasStatus } from "../../../rehearsal/kubernetes/client.ts";
import { startKubernetes, type RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import { obtainTools } from "../../../rehearsal/toolchain/index.ts";

/** The folders of this process's tests, removed when it ends. */
const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new empty folder. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "uap-kubernetes-"));
  folders.push(folder);
  return folder;
}

/** The tools of a cluster, from the cache. */
export function clusterTools() {
  return obtainTools(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"]);
}

/** Starts a cluster with two nodes. Who starts it ends it. */
export async function startCluster(folder = testFolder(), name = "test"): Promise<RunningKubernetes> {
  const nodes = ["one", "two"].map((node) => ({ name: node, cpu: "4", memory: "8Gi" }));
  return startKubernetes({ name, folder, tools: await clusterTools(), nodes });
}

/** Asks again until there is an answer other than undefined. The test's own time limit bounds it. */
export async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(25);
  }
}

/** The object at a path once it satisfies a condition. */
export function untilObject<Item>(
  client: KubernetesClient,
  path: string,
  isSo: (item: Item) => boolean,
): Promise<Item> {
  return until(async () => {
    const item = (await get(client, path)) as Item | undefined;
    return item !== undefined && isSo(item) ? item : undefined;
  });
}

/** Waits until there is no object at a path. */
export async function untilGone(client: KubernetesClient, path: string): Promise<void> {
  await until(async () => ((await get(client, path)) === undefined ? true : undefined));
}

/** The object at a path, or undefined. */
export async function get(client: KubernetesClient, path: string): Promise<unknown> {
  try {
    return await client.request("GET", path);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
