import assert from "node:assert/strict";
import { viewPod, type PodObject } from "../../../rehearsal/report/pod-view.ts";
import { viewResource } from "../../../rehearsal/report/resource-view.ts";
import { systemOf } from "../../../rehearsal/report/system-of.ts";
import { viewSystems, type Observed } from "../../../rehearsal/report/system-view.ts";
import { systemsTable } from "../../../rehearsal/report/systems-table.ts";
import { viewWorkload, type WorkloadObject } from "../../../rehearsal/report/workload-view.ts";

const ours = (name: string) => ({ "app.kubernetes.io/part-of": "uap", "app.kubernetes.io/name": name });
const plain = { style: (_: unknown, text: string) => text };

function mosquitto(status: WorkloadObject["status"]): ReturnType<typeof viewWorkload> {
  const metadata = { name: "mosquitto", namespace: "data", labels: ours("mosquitto") };
  return viewWorkload("StatefulSet", { metadata, spec: { replicas: 1 }, ...(status && { status }) });
}

function pod(name: string, status: PodObject["status"]): ReturnType<typeof viewPod> {
  const metadata = { name, namespace: "data", labels: ours("mosquitto") };
  return viewPod({ metadata, spec: { containers: [] }, ...(status && { status }) });
}

const nothing: Observed = { workloads: [], pods: [], resources: [] };

describe("whose an object is", () => {
  it("is told by the platform's labels", () => {
    assert.equal(systemOf({ name: "x", namespace: "data", labels: ours("mosquitto") }), "mosquitto");
  });

  it("is told by the namespace where a chart labels its objects in its own way", () => {
    const labels = {
      "app.kubernetes.io/name": "prometheus",
      "app.kubernetes.io/part-of": "kube-prometheus-stack",
    };
    assert.equal(systemOf({ name: "x", namespace: "monitoring", labels }), "monitoring");
  });

  it("is told of what k3s brings along", () => {
    const labels = { "app.kubernetes.io/name": "traefik" };
    assert.equal(systemOf({ name: "traefik", namespace: "kube-system", labels }), "ingress");
    assert.equal(
      systemOf({ name: "x", namespace: "kube-system", labels: { app: "local-path-provisioner" } }),
      "local-path",
    );
  });

  it("is nobody's of the platform elsewhere", () => {
    assert.equal(systemOf({ name: "coredns", namespace: "kube-system" }), undefined);
    assert.equal(systemOf({ name: "shop", namespace: "default", labels: ours("shop") }), undefined);
  });
});

describe("the health of a system", () => {
  it("is good when all its pods are ready", () => {
    const [system] = viewSystems(["mosquitto"], { ...nothing, workloads: [mosquitto({ readyReplicas: 1 })] });
    assert.deepEqual(system, {
      system: "mosquitto",
      layer: "data",
      health: "healthy",
      ready: 1,
      wanted: 1,
      problems: [],
    });
  });

  it("is down when a workload has no ready pod, and says what the pod waits for", () => {
    const waiting = {
      ready: false,
      state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } },
    };
    const [system] = viewSystems(["mosquitto"], {
      ...nothing,
      workloads: [mosquitto(undefined)],
      pods: [pod("mosquitto-0", { phase: "Pending", containerStatuses: [waiting] })],
    });
    assert.equal(system?.health, "down");
    assert.deepEqual(system.problems, [
      "StatefulSet mosquitto: 0 of 1 ready: mosquitto-0: ImagePullBackOff: no such image",
    ]);
  });

  it("tells what the controller complains of when there is not even a pod", () => {
    const conditions = [{ type: "ReplicaFailure", status: "True", message: "exceeded quota: quota" }];
    const [system] = viewSystems(["mosquitto"], { ...nothing, workloads: [mosquitto({ conditions })] });
    assert.deepEqual(system?.problems, ["StatefulSet mosquitto: 0 of 1 ready: exceeded quota: quota"]);
  });

  it("is degraded when an operator says that its resource is not ready", () => {
    const metadata = { name: "main", namespace: "data", labels: ours("mosquitto") };
    const conditions = [{ type: "Ready", status: "False", reason: "Creating", message: "1 of 3 brokers" }];
    const [system] = viewSystems(["mosquitto"], {
      ...nothing,
      workloads: [mosquitto({ readyReplicas: 1 })],
      resources: [viewResource("Kafka", { metadata, status: { conditions } })],
    });
    assert.equal(system?.health, "degraded");
    assert.deepEqual(system.problems, ["Kafka main: Creating: 1 of 3 brokers"]);
  });

  it("is degraded when a job has failed for good", () => {
    const metadata = { name: "import", namespace: "data", labels: ours("mosquitto") };
    const conditions = [{ type: "Failed", status: "True", message: "backoff limit reached" }];
    const [system] = viewSystems(["mosquitto"], {
      ...nothing,
      workloads: [viewWorkload("Job", { metadata, status: { conditions } })],
    });
    assert.equal(system?.health, "degraded");
    assert.deepEqual(system.problems, ["Job import: backoff limit reached"]);
  });
});

describe("the table of systems", () => {
  const system = { wanted: 1, ready: 1, health: "healthy", problems: [] } as const;

  it("names a layer once, and shows addresses", () => {
    const shown = systemsTable(
      plain,
      [
        { ...system, system: "keda", layer: "cluster" },
        { ...system, system: "velero", layer: "cluster" },
        { ...system, system: "portal", layer: "devops" },
      ],
      { portal: "https://portal.local.example.org" },
    );
    assert.equal(shown.match(/Cluster/g)?.length, 1);
    assert.match(shown, /Delivery +portal +healthy +1\/1 +https:\/\/portal\.local\.example\.org/);
  });

  it("says the first problems of a system, and how many more there are", () => {
    const problems = ["one", "two", "three", "four"];
    const shown = systemsTable(
      plain,
      [{ ...system, system: "keda", layer: "cluster", health: "down", problems }],
      {},
    );
    assert.match(shown, /keda: three\n {2}keda: and 1 more$/);
  });
});
