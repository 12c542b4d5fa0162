import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hasToMove } from "../../../infra/membership/objects.ts";
import { hasStatus, KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import { startKubernetes, type RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import {
  hasCondition,
  type Condition,
  type KubernetesList,
  type KubernetesObject,
} from "../../../rehearsal/kubernetes/objects.ts";
import { clusterTools } from "../../../rehearsal/session/session-cluster.ts";
import { obtainTools } from "../../../rehearsal/toolchain/index.ts";
import { get, until, untilObject } from "../../rehearsal/kubernetes/cluster.ts";

const leave = resolve(import.meta.dirname, "..", "..", "..", "infra", "membership", "leave.ts");
const core = "/api/v1/namespaces/default";
const apps = "/apis/apps/v1/namespaces/default";
const budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
const node = (name: string) => `/api/v1/nodes/${name}`;

interface Pod extends KubernetesObject {
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly conditions?: readonly Condition[] };
}

interface Workload extends KubernetesObject {
  readonly status: { readonly readyReplicas?: number; readonly numberReady?: number };
}

interface Budget extends KubernetesObject {
  readonly status?: { readonly expectedPods?: number; readonly currentHealthy?: number };
}

describe("a node that leaves its cluster", () => {
  let folder: string;
  let cluster: RunningKubernetes;
  let client: KubernetesClient;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "uap-membership-"));
    cluster = await startKubernetes({
      name: "left",
      folder,
      tools: await obtainTools(clusterTools),
      nodes: ["moved", "stuck", "plain", "held", "home"].map((name) => ({ name, cpu: "4", memory: "8Gi" })),
    });
    client = new KubernetesClient(cluster.kubeconfig);
  });
  after(async () => {
    await client.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the program as the engine does. */
  const run = (name: string, drainSeconds: number, kubeconfig = cluster.kubeconfig) =>
    new Promise<{ code: number; text: string }>((done) => {
      const environment = {
        UAP_KUBECONFIG: kubeconfig,
        UAP_NODE: name,
        UAP_DRAIN_SECONDS: String(drainSeconds),
      };
      execFile(
        process.execPath,
        [leave],
        { env: { ...process.env, ...environment } },
        (error, out, complaint) => {
          done({ code: typeof error?.code === "number" ? error.code : 0, text: out + complaint });
        },
      );
    });

  const post = (path: string, body: unknown) => client.request("POST", path, { body });

  const merge = (path: string, body: unknown) =>
    client.request("PATCH", path, { contentType: "application/merge-patch+json", body });

  async function nodeNames(): Promise<string[]> {
    const { items } = (await client.request("GET", "/api/v1/nodes")) as KubernetesList<KubernetesObject>;
    return items.map(({ metadata }) => metadata.name);
  }

  /** A Deployment whose pods are all on the node, and the budget that protects them. */
  async function deploy(name: string, on: string, replicas: number, minAvailable: number): Promise<void> {
    const labels = { app: name };
    const containers = [{ name: "main", image: "registry.example/main:1" }];
    const template = { metadata: { labels }, spec: { containers } };
    await post(budgets, {
      metadata: { name },
      spec: { minAvailable, selector: { matchLabels: labels } },
    });
    const others = (await nodeNames()).filter((other) => other !== on);
    await Promise.all(others.map((other) => merge(node(other), { spec: { unschedulable: true } })));
    await post(`${apps}/deployments`, {
      metadata: { name },
      spec: { replicas, selector: { matchLabels: labels }, template },
    });
    await untilObject<Workload>(
      client,
      `${apps}/deployments/${name}`,
      ({ status }) => status.readyReplicas === replicas,
    );
    await untilObject<Budget>(
      client,
      `${budgets}/${name}`,
      ({ status }) => status?.currentHealthy === replicas,
    );
    await Promise.all(others.map((other) => merge(node(other), { spec: { unschedulable: null } })));
  }

  const listPods = async (app: string) =>
    (await client.request("GET", `${core}/pods`, {
      query: { labelSelector: `app=${app}` },
    })) as KubernetesList<Pod>;
  const nodesOf = async (app: string) => (await listPods(app)).items.map(({ spec }) => spec.nodeName);

  /** Counts the ready pods of an application at every change from now on. */
  async function countReady(app: string) {
    const { items, metadata } = await listPods(app);
    const isReady = (pod: Pod) => pod.metadata.deletionTimestamp === undefined && hasCondition(pod, "Ready");
    const ready = new Set(items.filter(isReady).map((pod) => pod.metadata.uid));
    const counts = [ready.size];
    const stop = new AbortController();
    const watch = client.watch<Pod>(`${core}/pods`, {
      query: { labelSelector: `app=${app}`, resourceVersion: metadata.resourceVersion },
      signal: stop.signal,
    });
    const watched = (async () => {
      for await (const { type, object } of watch) {
        if (type !== "DELETED" && isReady(object)) ready.add(object.metadata.uid);
        else ready.delete(object.metadata.uid);
        counts.push(ready.size);
      }
    })().catch(() => undefined);
    return {
      counts,
      async end() {
        await until(() => Promise.resolve(ready.size === items.length ? true : undefined));
        stop.abort();
        await watched;
      },
    };
  }

  it("gives its pods to others, and never more at once than their budget allows", async () => {
    await deploy("web", "moved", 6, 5);
    const readiness = await countReady("web");
    const { code, text } = await run("moved", 30);
    await readiness.end();
    assert.deepEqual({ code, text }, { code: 0, text: "moved has left the cluster.\n" });
    assert.ok(readiness.counts.length > 12, "the pods did not move");
    assert.equal(Math.min(...readiness.counts), 5);
    assert.ok(!(await nodesOf("web")).includes("moved"));
    assert.equal(await get(client, node("moved")), undefined);
  });

  it("goes in the end when a budget does not let its pods go, and tells which", async () => {
    await deploy("database", "stuck", 2, 2);
    const { code, text } = await run("stuck", 1);
    assert.equal(code, 0, text);
    const budget = "The disruption budget database needs 2 healthy pods and has 2 currently";
    const [first, second, last, ...rest] = text.split("\n");
    for (const line of [first, second]) {
      assert.match(line ?? "", /^Not moved, and gone with stuck: default\/database-\S+ \(/);
      assert.ok(line?.endsWith(`(${budget})`), line);
    }
    assert.deepEqual([last, ...rest], ["stuck has left the cluster.", ""]);
    assert.equal(await get(client, node("stuck")), undefined);
  });

  it("takes no notice of pods that belong to the node", async () => {
    const labels = { app: "agent" };
    const containers = [{ name: "main", image: "registry.example/agent:1" }];
    await post(`${apps}/daemonsets`, {
      metadata: { name: "agent" },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    });
    await until(async () => ((await nodesOf("agent")).includes("plain") ? true : undefined));
    assert.deepEqual(await run("plain", 30), { code: 0, text: "plain has left the cluster.\n" });
  });

  it("waits for whoever has to forget it, such as etcd's members", async () => {
    await merge(node("held"), { metadata: { finalizers: ["example.org/member"] } });
    let isDone = false;
    const running = run("held", 30).finally(() => (isDone = true));
    await untilObject(client, node("held"), ({ metadata }: KubernetesObject) => {
      return metadata.deletionTimestamp !== undefined;
    });
    assert.equal(isDone, false);
    await merge(node("held"), { metadata: { finalizers: null } });
    assert.deepEqual(await running, { code: 0, text: "held has left the cluster.\n" });
  });

  it("does not wait for the pods of a machine that is dead", async () => {
    // No kubelet and no simulation takes care of this node.
    await post("/api/v1/nodes", { metadata: { name: "dead" } });
    const containers = [{ name: "main", image: "registry.example/main:1" }];
    await post(`${core}/pods`, { metadata: { name: "orphan" }, spec: { nodeName: "dead", containers } });
    assert.deepEqual(await run("dead", 30), { code: 0, text: "dead has left the cluster.\n" });
  });

  it("moves nothing when no other node takes pods, as when the whole cluster goes", async () => {
    const others = (await nodeNames()).filter((name) => name !== "home");
    await Promise.all(others.map((other) => client.request("DELETE", node(other))));
    const { code, text } = await run("home", 900);
    assert.equal(code, 0);
    assert.match(text, /gone with home: default\/\S+ \(no other node takes pods\)\n/);
    assert.match(text, /home has left the cluster\.\n$/);
  });

  it("has left already, and that is fine", async () => {
    const text = "moved is not in the cluster: nothing to do.\n";
    assert.deepEqual(await run("moved", 30), { code: 0, text });
    await assert.rejects(client.request("GET", node("moved")), (error) => hasStatus(error, 404));
  });

  describe("whose API is gone", () => {
    const hint = "If that cluster lives on, remove what is left by: kubectl delete node n\n";
    const kubeconfigFor = (port: number) =>
      cluster.kubeconfig.replace(cluster.server, `https://127.0.0.1:${port}`);

    it("is let go at once when nothing listens", async () => {
      const { code, text } = await run("n", 900, kubeconfigFor(1));
      assert.equal(code, 0);
      assert.equal(
        text,
        `n leaves its cluster as it is: the API at 127.0.0.1:1 does not answer (ECONNREFUSED).\n${hint}`,
      );
    });

    it("is let go soon when a machine listens and stays silent", async () => {
      const mute = createServer();
      await new Promise<void>((done) => mute.listen(0, "127.0.0.1", done));
      try {
        const { code, text } = await run("n", 900, kubeconfigFor((mute.address() as { port: number }).port));
        assert.equal(code, 0);
        assert.match(text, /does not answer \(no answer in time\)/);
      } finally {
        mute.close();
      }
    }).timeout(15_000);

    it("is let go when the kubeconfig is of no use, and shows nothing of it", async () => {
      const { code, text } = await run("n", 900, "top-secret");
      assert.equal(code, 0);
      assert.match(text, /^n leaves its cluster as it is: /);
      assert.doesNotMatch(text, /top-secret/);
    });
  });
});

describe("a pod on a node that leaves", () => {
  const pod = {
    metadata: { name: "p", namespace: "default", uid: "1", annotations: {}, ownerReferences: [] },
    status: { phase: "Running" },
  };

  it("has to move, with or without a controller", () => {
    const ownerReferences = [{ kind: "ReplicaSet", controller: true }];
    assert.ok(hasToMove(pod));
    assert.ok(hasToMove({ ...pod, metadata: { ...pod.metadata, ownerReferences } }));
  });

  it("stays when it belongs to the node or is done", () => {
    const ownerReferences = [{ kind: "DaemonSet", controller: true }];
    const annotations = { "kubernetes.io/config.mirror": "hash" };
    assert.ok(!hasToMove({ ...pod, metadata: { ...pod.metadata, ownerReferences } }));
    assert.ok(!hasToMove({ ...pod, metadata: { ...pod.metadata, annotations } }));
    assert.ok(!hasToMove({ ...pod, status: { phase: "Succeeded" } }));
    assert.ok(!hasToMove({ ...pod, status: { phase: "Failed" } }));
  });
});
