import assert from "node:assert/strict";
import { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import { startKubernetes, type RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import { registerNode } from "../../../rehearsal/kubernetes/simulated-node.ts";
import { clusterTools, get, testFolder, untilObject } from "./cluster.ts";

const kinds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/middlewares.traefik.io";
const job = "/apis/batch/v1/namespaces/kube-system/jobs/helm-install-traefik-crd";
const machine = { cpu: "4", memory: "8Gi" };

describe("what a cluster has that begins", () => {
  let running: RunningKubernetes;
  let client: KubernetesClient;

  before(async () => {
    running = await startKubernetes({
      name: "begins",
      folder: testFolder(),
      tools: await clusterTools(),
      nodes: [
        { name: "master", ...machine, taints: [{ key: "dedicated", value: "master", effect: "NoSchedule" }] },
      ],
      traefik: "by a Job",
    });
    client = new KubernetesClient(running.kubeconfig);
  });
  after(async () => {
    await client.close();
    await running.stop();
  });

  it("is what k3s brings along from the start: who makes it a second time is refused", async () => {
    const present = [
      "/apis/node.k8s.io/v1/runtimeclasses/nvidia",
      "/apis/storage.k8s.io/v1/storageclasses/local-path",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/helmchartconfigs.helm.cattle.io",
    ];
    for (const path of present) assert.ok(await get(client, path), path);
  });

  it("is nothing of Traefik before a node takes the pod that installs it, and its kinds after", async () => {
    assert.ok(await get(client, job));
    assert.equal(await get(client, kinds), undefined);
    await registerNode(
      client,
      { name: "worker", address: "192.0.2.1", ...machine },
      new AbortController().signal,
    );
    await untilObject(client, kinds, () => true);
    const done = (await get(client, job)) as { status: { succeeded?: number } };
    assert.equal(done.status.succeeded, 1);
  });
});
