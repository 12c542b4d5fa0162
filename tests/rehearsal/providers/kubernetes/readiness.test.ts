import assert from "node:assert/strict";

import { Cluster, defaultPatience } from "../../../../rehearsal/providers/kubernetes/cluster.ts";
import { readConfiguration } from "../../../../rehearsal/providers/kubernetes/configuration.ts";
import { toManifest, type KubernetesObject } from "../../../../rehearsal/providers/kubernetes/manifest.ts";
import { ingress } from "../../../../rehearsal/providers/kubernetes/readiness/ingress.ts";
import { causeOf } from "../../../../rehearsal/providers/kubernetes/readiness/pods.ts";
import { deployment as deploymentRule } from "../../../../rehearsal/providers/kubernetes/readiness/deployment.ts";
import { daemonSet } from "../../../../rehearsal/providers/kubernetes/readiness/daemon-set.ts";
import { job } from "../../../../rehearsal/providers/kubernetes/readiness/job.ts";
import { pod } from "../../../../rehearsal/providers/kubernetes/readiness/pod.ts";
import { statefulSet } from "../../../../rehearsal/providers/kubernetes/readiness/stateful-set.ts";
import { waitForRule } from "../../../../rehearsal/providers/kubernetes/readiness/wait-for.ts";
import type { ReadinessRule } from "../../../../rehearsal/providers/kubernetes/readiness/rule.ts";
import { InitializationError, type Properties } from "../../../../rehearsal/providers/protocol/provider.ts";
import { testCluster, testNamespace } from "./cluster.ts";
import { Harness } from "./harness.ts";
import { configMap, container, deployment } from "./objects.ts";

/** What a rule says of a spec and a status: `ready`, or why not. */
function verdict(rule: ReadinessRule, spec: Properties, status: Properties): string {
  const object: KubernetesObject = { apiVersion: "v1", kind: "Any", metadata: { name: "any", generation: 2 }, spec, status };
  const result = rule.assess(object);
  return result.state === "ready" ? "ready" : `${result.state}: ${result.reason}`;
}

const observed = { observedGeneration: 2 };

describe("Readiness, judged by an object's status", () => {
  const cases: readonly (readonly [string, ReadinessRule, Properties, Properties, RegExp])[] = [
    ["a Deployment that nobody has seen", deploymentRule, { replicas: 1 }, { observedGeneration: 1 }, /^waiting: .*not seen/],
    ["a Deployment that rolls out", deploymentRule, { replicas: 2 }, { ...observed, replicas: 2, updatedReplicas: 1 }, /^waiting: 1 of 2 pods are up to date/],
    ["a Deployment with an older pod", deploymentRule, { replicas: 1 }, { ...observed, replicas: 2, updatedReplicas: 1 }, /^waiting: 1 older/],
    ["a Deployment without available pods", deploymentRule, { replicas: 1 }, { ...observed, replicas: 1, updatedReplicas: 1 }, /^waiting: 0 of 1 pods are available/],
    ["a finished Deployment", deploymentRule, { replicas: 1 }, { ...observed, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }, /^ready$/],
    ["an empty Deployment", deploymentRule, { replicas: 0 }, observed, /^ready$/],
    ["a paused Deployment", deploymentRule, { replicas: 1, paused: true }, observed, /^ready$/],
    [
      "a Deployment past its deadline",
      deploymentRule,
      { replicas: 1 },
      { ...observed, conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "timed out" }] },
      /^failed: ProgressDeadlineExceeded: timed out$/,
    ],
    ["a StatefulSet that grows", statefulSet, { replicas: 3 }, { ...observed, replicas: 1, readyReplicas: 1 }, /^waiting: 1 of 3 pods exist/],
    ["a StatefulSet that is updated", statefulSet, { replicas: 1 }, { ...observed, replicas: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "b" }, /^waiting: 0 of 1 pods are up to date/],
    [
      "a StatefulSet updated in part",
      statefulSet,
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      { ...observed, replicas: 3, readyReplicas: 3, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" },
      /^ready$/,
    ],
    [
      "a StatefulSet whose pods are replaced by hand",
      statefulSet,
      { replicas: 1, updateStrategy: { type: "OnDelete" } },
      { ...observed, replicas: 1, readyReplicas: 1, currentRevision: "a", updateRevision: "b" },
      /^ready$/,
    ],
    ["a DaemonSet under way", daemonSet, {}, { ...observed, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 }, /^waiting: pods are available on 1 of 2 nodes/],
    ["a DaemonSet without nodes", daemonSet, {}, observed, /^ready$/],
    ["a failed Job", job, {}, { conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded" }] }, /^failed: BackoffLimitExceeded$/],
    ["a suspended Job", job, { suspend: true }, {}, /^waiting: it is suspended/],
    ["a completed Job", job, {}, { conditions: [{ type: "Complete", status: "True" }] }, /^ready$/],
    ["a Pod that ended well", pod, {}, { phase: "Succeeded" }, /^ready$/],
    ["a failed Pod", pod, {}, { phase: "Failed", message: "evicted" }, /^failed: .*Failed, not ready: evicted/],
  ];
  for (const [what, rule, spec, status, expected] of cases) {
    it(`tells about ${what}`, () => {
      assert.match(verdict(rule, spec, status), expected);
    });
  }
});

describe("The cause of an unready pod", () => {
  const podWith = (status: Properties) => ({ metadata: { name: "web" }, status });

  it("is why it cannot be scheduled", () => {
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }];
    assert.equal(causeOf(podWith({ phase: "Pending", conditions })), "cannot be scheduled: 0/3 nodes are available");
  });

  it("is an image that cannot be pulled", () => {
    const state = { waiting: { reason: "ImagePullBackOff", message: "not found" } };
    const containerStatuses = [{ name: "web", state }];
    assert.equal(causeOf(podWith({ phase: "Pending", containerStatuses })), '(Pending): container "web" ImagePullBackOff (not found)');
  });

  it("is a container that crashes again and again, with its exit code", () => {
    const state = { waiting: { reason: "CrashLoopBackOff" } };
    const lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
    const containerStatuses = [{ name: "web", state, lastState }];
    assert.equal(
      causeOf(podWith({ phase: "Running", containerStatuses })),
      '(Running): container "web" CrashLoopBackOff, exit code 137 (OOMKilled)',
    );
  });

  it("is none when the pod is ready or done", () => {
    assert.equal(causeOf(podWith({ phase: "Running", conditions: [{ type: "Ready", status: "True" }] })), undefined);
    assert.equal(causeOf(podWith({ phase: "Succeeded" })), undefined);
  });
});

describe("The annotation pulumi.com/waitFor", () => {
  const check = (expression: string, object: Properties): string => {
    const rule = waitForRule({ metadata: { annotations: { "pulumi.com/waitFor": expression } } });
    const result = rule?.assess({ apiVersion: "v1", kind: "Any", metadata: { name: "any" }, ...object });
    return result === undefined || result.state === "ready" ? "ready" : result.reason;
  };
  const conditions = [{ type: "Ready", status: "False", reason: "Starting" }];

  it("waits for a value, or for any value", () => {
    assert.equal(check("jsonpath={.status.phase}=Running", { status: { phase: "Running" } }), "ready");
    assert.equal(check("jsonpath={.status.phase}=Running", { status: { phase: "Pending" } }), ".status.phase is Pending, not Running");
    assert.equal(check("jsonpath={.status.phase}", { status: { phase: "Pending" } }), "ready");
    assert.equal(check("jsonpath={.status.phase}", {}), ".status.phase is not set");
    assert.equal(check("jsonpath={.status.items[?(@.a == 1)].b}=2", { status: { items: [{ a: 1, b: 2 }] } }), "ready");
  });

  it("waits for a condition", () => {
    assert.equal(check("condition=Ready=False", { status: { conditions } }), "ready");
    assert.equal(check("condition=Ready", { status: { conditions } }), "condition Ready is not True (Starting)");
    assert.equal(check("condition=Synced", {}), "condition Synced is not True (it has no such condition)");
  });

  it("waits for all expressions of a list", () => {
    const list = JSON.stringify(["jsonpath={.status.phase}", "condition=Ready"]);
    assert.equal(check(list, { status: { phase: "x", conditions } }), "condition Ready is not True (Starting)");
    assert.equal(check(list, { status: { phase: "x", conditions: [{ type: "Ready", status: "True" }] } }), "ready");
  });

  it("says what it does not understand", () => {
    assert.throws(() => check("phase", {}), /begin with "jsonpath="/);
    assert.throws(() => check("jsonpath=.status", {}), /stand in braces/);
    assert.throws(() => check("jsonpath={.status}=", {}), /no value after the equals sign/);
    assert.throws(() => check("jsonpath={.status[}", {}), /is not understood/);
    assert.throws(() => check("[]", {}), /at least one expression/);
  });
});

describe("The Kubernetes provider's waits", () => {
  let harness: Harness;
  let namespace: string;

  before(async () => {
    harness = await Harness.open();
    namespace = await testNamespace();
  });

  const object = (apiVersion: string, kind: string, name: string, rest: Properties, metadata: Properties = {}): Properties => {
    return { apiVersion, kind, metadata: { name, namespace, ...metadata }, ...rest };
  };
  const soon = { annotations: { "pulumi.com/timeoutSeconds": "1" } };
  const template = (app: string) => ({
    metadata: { labels: { app } },
    spec: { containers: [container()] },
  });

  /** The reasons with which a wait ends in vain. */
  async function failureOf(creation: Promise<unknown>): Promise<InitializationError> {
    const error = await creation.then(
      () => assert.fail("it became ready"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof InitializationError)) throw error;
    return error;
  }

  it("end when a Deployment's pods are available, with the status of that moment", async () => {
    const { state } = await harness.create("web", deployment(namespace, "web"));
    assert.equal((state["status"] as Properties)["availableReplicas"], 1);
  });

  it("end when a StatefulSet, a DaemonSet, a Job and a Pod are ready", async () => {
    const selector = (app: string) => ({ selector: { matchLabels: { app } } });
    const made = await Promise.all([
      harness.create("set", object("apps/v1", "StatefulSet", "set", { spec: { replicas: 2, serviceName: "set", ...selector("set"), template: template("set") } })),
      harness.create("agent", object("apps/v1", "DaemonSet", "agent", { spec: { ...selector("agent"), template: template("agent") } })),
      harness.create("pod", object("v1", "Pod", "pod", { spec: { containers: [container()] } })),
      harness.create(
        "job",
        object("batch/v1", "Job", "job", { spec: { template: { spec: { restartPolicy: "Never", containers: [container()] } } } }),
      ),
    ]);
    const [set, agent, single, done] = made.map(({ state }) => state["status"] as Properties);
    assert.equal(set?.["readyReplicas"], 2);
    assert.equal(agent?.["numberAvailable"], 2);
    assert.equal(single?.["phase"], "Running");
    assert.equal(done?.["succeeded"], 1);
  });

  it("say which pods cannot be scheduled, and why", async () => {
    const resources = { requests: { cpu: "100" } };
    const greedy = deployment(namespace, "greedy", { containers: [container({ resources })] }, soon);
    const failure = await failureOf(harness.create("greedy", greedy));
    assert.match(failure.message, /Deployment "greedy" in namespace .* was not ready after 1 s: 0 of 1 pods are available/);
    assert.match(failure.message, /Pod greedy-\S+ cannot be scheduled: 0\/2 nodes are available: 2 Insufficient cpu/);
    assert.equal((failure.state["metadata"] as Properties)["name"], "greedy");
  });

  it("say that a quota forbids the pods", async () => {
    const poor = await testNamespace();
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "none", namespace: poor }, spec: { hard: { pods: "0" } } };
    await harness.create("quota", quota);
    const failure = await failureOf(harness.create("web", deployment(poor, "web", {}, soon)));
    assert.match(failure.message, /exceeded quota: none/);
  });

  it("are skipped when the annotation says so", async () => {
    const resources = { requests: { cpu: "100" } };
    const annotations = { "pulumi.com/skipAwait": "true" };
    const greedy = deployment(namespace, "ignored", { containers: [container({ resources })] }, { annotations });
    assert.equal((await harness.create("ignored", greedy)).id, `${namespace}/ignored`);
  });

  it("end when a Service has a load balancer's address and no unready pod", async () => {
    const spec = { type: "LoadBalancer", selector: { app: "lb" }, ports: [{ port: 80 }] };
    const [service] = await Promise.all([
      harness.create("lb", object("v1", "Service", "lb", { spec })),
      harness.create("lb-pods", deployment(namespace, "lb")),
    ]);
    const status = service.state["status"] as { readonly loadBalancer: { readonly ingress: readonly unknown[] } };
    assert.equal(status.loadBalancer.ingress.length > 0, true);
  });

  it("name the unready pods behind a Service", async () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const { client } = await testCluster();
    // Nobody runs the pods of this node, so that they never become ready.
    await client.request("POST", "/api/v1/nodes", { body: { metadata: { name: "idle" } } });
    const pod = { nodeName: "idle", containers: [container()] };
    await harness.create("stuck", object("v1", "Pod", "stuck", { spec: pod }, { annotations, labels: { app: "stuck" } }));
    const status = { podIP: "10.42.9.9", podIPs: [{ ip: "10.42.9.9" }] };
    const path = `/api/v1/namespaces/${namespace}/pods/stuck/status`;
    await client.request("PATCH", path, { body: { status }, contentType: "application/merge-patch+json" });
    const spec = { selector: { app: "stuck" }, ports: [{ port: 80 }] };
    const failure = await failureOf(harness.create("stuck", object("v1", "Service", "stuck", { spec }, soon)));
    assert.match(failure.message, /these pods behind it are not ready: stuck/);
    await client.request("DELETE", "/api/v1/nodes/idle");
  });

  it("do not hang on Services without pods", async () => {
    const ports = [{ port: 80 }];
    await Promise.all([
      harness.create("headless", object("v1", "Service", "headless", { spec: { clusterIP: "None", selector: { a: "b" }, ports } })),
      harness.create("external", object("v1", "Service", "external", { spec: { type: "ExternalName", externalName: "example.org" } })),
      harness.create("manual", object("v1", "Service", "manual", { spec: { ports } })),
      harness.create("podless", object("v1", "Service", "podless", { spec: { selector: { no: "body" }, ports } })),
    ]);
  });

  it("end when an Ingress has an address", async () => {
    const backend = { service: { name: "missing", port: { number: 80 } } };
    const rules = [{ host: "a.example.org", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }];
    const site = object("networking.k8s.io/v1", "Ingress", "site", { spec: { ingressClassName: "nobody", rules } });
    await harness.create("site", site);

    assert.match(verdict(ingress, site["spec"] as Properties, {}), /is a controller for class "nobody" running/);
    const { running } = await testCluster();
    const options = { patience: defaultPatience, signal: new AbortController().signal };
    const cluster = new Cluster({ contents: running.kubeconfig, folder: "." }, readConfiguration({}), options);
    const lines = await ingress.diagnose?.(cluster, toManifest(site));
    assert.deepEqual(lines, [`It points to the Service "missing", which does not exist in namespace "${namespace}".`]);
  });

  it("end for a claim that waits for its first consumer, and say what an unbound one misses", async () => {
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    const claim = (name: string, storageClassName: string, metadata = {}) =>
      object("v1", "PersistentVolumeClaim", name, { spec: { ...spec, storageClassName } }, metadata);
    await harness.create("lazy", claim("lazy", "local-path"));
    const failure = await failureOf(harness.create("lost", claim("lost", "no-such-class", soon)));
    assert.match(failure.message, /no volume is bound to it yet \(storage class "no-such-class"\)/);
    assert.match(failure.message, /storageclass\.storage\.k8s\.io "no-such-class" not found/);
  });

  it("end when what the annotation names has come", async () => {
    const annotations = { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" };
    const waiting = harness.create("patient", configMap(namespace, "patient", { ready: "no" }, { annotations }));
    const { client } = await testCluster();
    const path = `/api/v1/namespaces/${namespace}/configmaps/patient`;
    for await (const { object: seen } of client.watch<KubernetesObject>(`/api/v1/namespaces/${namespace}/configmaps`)) {
      if (seen.metadata.name === "patient") break;
    }
    await client.request("PATCH", path, { body: { data: { ready: "yes" } }, contentType: "application/merge-patch+json" });
    assert.deepEqual((await waiting).state["data"], { ready: "yes" });
  });

  it("end when the object is deleted meanwhile", async () => {
    const annotations = { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" };
    const waiting = failureOf(harness.create("gone", configMap(namespace, "gone", {}, { annotations })));
    const { client } = await testCluster();
    for await (const { object: seen } of client.watch<KubernetesObject>(`/api/v1/namespaces/${namespace}/configmaps`)) {
      if (seen.metadata.name === "gone") break;
    }
    await client.request("DELETE", `/api/v1/namespaces/${namespace}/configmaps/gone`);
    assert.match((await waiting).message, /was deleted while Pulumi waited for it/);
  });

  it("end when the engine gives up", async () => {
    const annotations = { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" };
    const own = await Harness.open();
    const waiting = failureOf(own.create("cancelled", configMap(namespace, "cancelled", {}, { annotations })));
    const { client } = await testCluster();
    for await (const { object: seen } of client.watch<KubernetesObject>(`/api/v1/namespaces/${namespace}/configmaps`)) {
      if (seen.metadata.name === "cancelled") break;
    }
    own.provider.cancel();
    assert.match((await waiting).message, /not ready when the update was cancelled/);
  });
});
