import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

import { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import { startKubernetes, type RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import type { KubernetesList, KubernetesObject } from "../../../rehearsal/kubernetes/objects.ts";
import type { ProcessIdentity } from "../../../rehearsal/kubernetes/processes/process-table.ts";
import { clusterTools, startCluster, testFolder } from "./cluster.ts";

describe("the life of a cluster", () => {
  const running: RunningKubernetes[] = [];

  async function start(...parameters: Parameters<typeof startCluster>): Promise<RunningKubernetes> {
    const cluster = await startCluster(...parameters);
    running.push(cluster);
    return cluster;
  }

  async function configMaps(cluster: RunningKubernetes): Promise<readonly string[]> {
    await using client = new KubernetesClient(cluster.kubeconfig);
    const path = "/api/v1/namespaces/default/configmaps";
    const { items } = (await client.request("GET", path)) as KubernetesList<KubernetesObject>;
    return items.map(({ metadata }) => metadata.name).filter((name) => name !== "kube-root-ca.crt");
  }

  async function createConfigMap(cluster: RunningKubernetes, name: string): Promise<void> {
    await using client = new KubernetesClient(cluster.kubeconfig);
    await client.request("POST", "/api/v1/namespaces/default/configmaps", { body: { metadata: { name } } });
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map((cluster) => cluster.stop()));
  });

  it("resumes from its folder with the same objects and the same kubeconfig", async () => {
    const folder = testFolder();
    const first = await start(folder);
    await createConfigMap(first, "kept");
    await first.stop();
    const second = await start(folder);
    assert.deepEqual(await configMaps(second), ["kept"]);
    assert.equal(second.kubeconfig, first.kubeconfig);
    assert.equal(await readFile(second.kubeconfigPath, "utf8"), second.kubeconfig);
    assert.equal((await stat(second.kubeconfigPath)).mode & 0o777, 0o600);
  });

  it("goes on beside another one", async () => {
    const [one, two] = await Promise.all([start(), start()]);
    assert.notEqual(one.server, two.server);
    await createConfigMap(one, "mine");
    assert.deepEqual(await configMaps(one), ["mine"]);
    assert.deepEqual(await configMaps(two), []);
  });

  it("moves to another port when its own is taken", async () => {
    const folder = testFolder();
    const first = await start(folder);
    await createConfigMap(first, "kept");
    await first.stop();
    const { hostname, port } = new URL(first.server);
    const squatter = createServer().listen(Number(port), hostname);
    await once(squatter, "listening");
    try {
      const second = await start(folder);
      assert.notEqual(second.server, first.server);
      assert.deepEqual(await configMaps(second), ["kept"]);
      assert.match(await readFile(second.kubeconfigPath, "utf8"), new RegExp(`server: ${second.server}\n`));
    } finally {
      squatter.close();
    }
  });

  it("loses the simulated nodes that are not wanted any more", async () => {
    const folder = testFolder();
    await (await start(folder)).stop();
    const node = {
      name: "three",
      cpu: "1",
      memory: "1Gi",
      taints: [{ key: "dedicated", value: "pi", effect: "NoSchedule" as const }],
    };
    const cluster = await startKubernetes({
      name: "test",
      folder,
      tools: await clusterTools(),
      nodes: [node],
    });
    running.push(cluster);
    await using client = new KubernetesClient(cluster.kubeconfig);
    const { items } = (await client.request("GET", "/api/v1/nodes")) as KubernetesList<KubernetesObject>;
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      ["three"],
    );
  });

  it("tells its memory, and that it cannot be started twice from one folder", async () => {
    const folder = testFolder();
    const cluster = await start(folder);
    const mebibytes = (await cluster.memory()) / 2 ** 20;
    assert.ok(mebibytes > 100 && mebibytes < 2_000, `${mebibytes} MiB`);
    await assert.rejects(start(folder), new RegExp(`in use by process ${process.pid} `));
  });

  it("reports a part that ends unexpectedly", async () => {
    const folder = testFolder();
    const cluster = await start(folder);
    const record = JSON.parse(await readFile(join(folder, "processes.json"), "utf8")) as {
      readonly children: readonly ProcessIdentity[];
    };
    const pid = record.children[0]?.pid ?? 0;
    process.kill(pid, "SIGKILL");
    assert.match(
      (await cluster.failed).message,
      /^etcd was ended by signal 9\. Its last words, from .*etcd\.log:\n {4}\S/,
    );
  });

  it("says what a part said that does not start, and leaves nothing running", async () => {
    const folder = testFolder();
    const tools = { ...(await clusterTools()), "kube-apiserver": "/bin/false" };
    const nodes = [{ name: "one", cpu: "1", memory: "1Gi" }];
    await assert.rejects(startKubernetes({ name: "test", folder, tools, nodes }), {
      name: "UserError",
      message: `kube-apiserver ended with exit code 1. Its last words, from ${folder}/logs/kube-apiserver.log:\n    (it printed nothing)`,
    });
    // The folder is free again.
    await start(folder);
  });

  it("is given up when the caller says so", async () => {
    const folder = testFolder();
    const signal = AbortSignal.timeout(300);
    await assert.rejects(
      startKubernetes({ name: "test", folder, tools: await clusterTools(), nodes: [], signal }),
      { name: "TimeoutError" },
    );
    await start(folder);
  });
});
