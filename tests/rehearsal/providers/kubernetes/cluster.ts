/** One real cluster for all tests of the Kubernetes provider: started by the first that needs it, ended after the last test. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KubernetesClient } from "../../../../rehearsal/kubernetes/client.ts";
import { startKubernetes, type RunningKubernetes } from "../../../../rehearsal/kubernetes/index.ts";
import { obtainTools } from "../../../../rehearsal/toolchain/index.ts";

export interface TestCluster {
  readonly running: RunningKubernetes;
  /** To look at the cluster beside the provider, and to meddle with it. */
  readonly client: KubernetesClient;
  readonly folder: string;
}

let started: Promise<TestCluster> | undefined;

/** The cluster, with two nodes. */
export function testCluster(): Promise<TestCluster> {
  started ??= start();
  return started;
}

/** A namespace of a test's own. */
export async function testNamespace(): Promise<string> {
  const { client } = await testCluster();
  const name = `test-${crypto.randomUUID().slice(0, 8)}`;
  await client.request("POST", "/api/v1/namespaces", { body: { metadata: { name } } });
  return name;
}

async function start(): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), "uap-kubernetes-"));
  const tools = await obtainTools([
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
  ]);
  const nodes = ["one", "two"].map((name) => ({ name, cpu: "4", memory: "8Gi" }));
  const running = await startKubernetes({ name: "provider", folder, tools, nodes });
  return { running, client: new KubernetesClient(running.kubeconfig), folder };
}

after(async () => {
  const cluster = await started;
  await cluster?.client.close();
  await cluster?.running.stop();
  if (cluster !== undefined) await rm(cluster.folder, { recursive: true, force: true });
});
