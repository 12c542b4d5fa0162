import assert from "node:assert/strict";

import { Cluster, defaultPatience } from "../../../../rehearsal/providers/kubernetes/cluster.ts";
import { readConfiguration } from "../../../../rehearsal/providers/kubernetes/configuration.ts";
import { toManifest, type KubernetesObject } from "../../../../rehearsal/providers/kubernetes/manifest.ts";
import { ingress } from "../../../../rehearsal/providers/kubernetes/readiness/ingress.ts";
import { InitializationError, type Properties } from "../../../../rehearsal/providers/protocol/provider.ts";
import { testCluster, testNamespace } from "./cluster.ts";
import { Harness } from "./harness.ts";
import { configMap, container, deployment } from "./objects.ts";

describe("The Kubernetes provider's waits", () => {
  let harness: Harness;
  let namespace: string;

  before(async () => {
    harness = await Harness.open();
    namespace = await testNamespace();
  });

  const object = (
    apiVersion: string,
    kind: string,
    name: string,
    rest: Properties,
    metadata: Properties = {},
  ): Properties => {
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
    assert.equal((state.status as Properties).availableReplicas, 1);
  });

  it("end when a StatefulSet, a DaemonSet, a Job and a Pod are ready", async () => {
    const selector = (app: string) => ({ selector: { matchLabels: { app } } });
    const made = await Promise.all([
      harness.create(
        "set",
        object("apps/v1", "StatefulSet", "set", {
          spec: { replicas: 2, serviceName: "set", ...selector("set"), template: template("set") },
        }),
      ),
      harness.create(
        "agent",
        object("apps/v1", "DaemonSet", "agent", {
          spec: { ...selector("agent"), template: template("agent") },
        }),
      ),
      harness.create("pod", object("v1", "Pod", "pod", { spec: { containers: [container()] } })),
      harness.create(
        "job",
        object("batch/v1", "Job", "job", {
          spec: { template: { spec: { restartPolicy: "Never", containers: [container()] } } },
        }),
      ),
    ]);
    const [set, agent, single, done] = made.map(({ state }) => state.status as Properties);
    assert.equal(set?.readyReplicas, 2);
    assert.equal(agent?.numberAvailable, 2);
    assert.equal(single?.phase, "Running");
    assert.equal(done?.succeeded, 1);
  });

  it("give up after the time that the environment allows", async () => {
    const resources = { requests: { cpu: "100" } };
    const before = process.env.UAP_WORKLOAD_TIMEOUT;
    process.env.UAP_WORKLOAD_TIMEOUT = "1";
    try {
      const waiting = deployment(namespace, "hasty", { containers: [container({ resources })] });
      const failure = await failureOf(harness.create("hasty", waiting));
      assert.match(failure.message, /was not ready after 1 s/);
    } finally {
      if (before === undefined) delete process.env.UAP_WORKLOAD_TIMEOUT;
      else process.env.UAP_WORKLOAD_TIMEOUT = before;
    }
  });

  it("say which pods cannot be scheduled, and why", async () => {
    const resources = { requests: { cpu: "100" } };
    const greedy = deployment(namespace, "greedy", { containers: [container({ resources })] }, soon);
    const failure = await failureOf(harness.create("greedy", greedy));
    assert.match(
      failure.message,
      /Deployment "greedy" in namespace .* was not ready after 1 s: 0 of 1 pods are available/,
    );
    assert.match(
      failure.message,
      /Pod greedy-\S+ cannot be scheduled: 0\/2 nodes are available: 2 Insufficient cpu/,
    );
    assert.equal((failure.state.metadata as Properties).name, "greedy");
  });

  it("say that a quota forbids the pods", async () => {
    const poor = await testNamespace();
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "none", namespace: poor },
      spec: { hard: { pods: "0" } },
    };
    await harness.create("quota", quota);
    const failure = await failureOf(harness.create("web", deployment(poor, "web", {}, soon)));
    assert.match(failure.message, /exceeded quota: none/);
  });

  it("are skipped when the annotation says so", async () => {
    const resources = { requests: { cpu: "100" } };
    const annotations = { "pulumi.com/skipAwait": "true" };
    const greedy = deployment(
      namespace,
      "ignored",
      { containers: [container({ resources })] },
      { annotations },
    );
    assert.equal((await harness.create("ignored", greedy)).id, `${namespace}/ignored`);
  });

  it("end when a Service has a load balancer's address and no unready pod", async () => {
    const spec = { type: "LoadBalancer", selector: { app: "lb" }, ports: [{ port: 80 }] };
    const [service] = await Promise.all([
      harness.create("lb", object("v1", "Service", "lb", { spec })),
      harness.create("lb-pods", deployment(namespace, "lb")),
    ]);
    const status = service.state.status as {
      readonly loadBalancer: { readonly ingress: readonly unknown[] };
    };
    assert.equal(status.loadBalancer.ingress.length > 0, true);
  });

  it("name the unready pods behind a Service", async () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const { client } = await testCluster();
    // Nobody runs the pods of this node, so that they never become ready.
    await client.request("POST", "/api/v1/nodes", { body: { metadata: { name: "idle" } } });
    const pod = { nodeName: "idle", containers: [container()] };
    await harness.create(
      "stuck",
      object("v1", "Pod", "stuck", { spec: pod }, { annotations, labels: { app: "stuck" } }),
    );
    const status = { podIP: "10.42.9.9", podIPs: [{ ip: "10.42.9.9" }] };
    const path = `/api/v1/namespaces/${namespace}/pods/stuck/status`;
    await client.request("PATCH", path, { body: { status }, contentType: "application/merge-patch+json" });
    const spec = { selector: { app: "stuck" }, ports: [{ port: 80 }] };
    const failure = await failureOf(
      harness.create("stuck", object("v1", "Service", "stuck", { spec }, soon)),
    );
    assert.match(failure.message, /these pods behind it are not ready: stuck/);
    await client.request("DELETE", "/api/v1/nodes/idle");
  });

  it("do not hang on Services without pods", async () => {
    const ports = [{ port: 80 }];
    await Promise.all([
      harness.create(
        "headless",
        object("v1", "Service", "headless", { spec: { clusterIP: "None", selector: { a: "b" }, ports } }),
      ),
      harness.create(
        "external",
        object("v1", "Service", "external", { spec: { type: "ExternalName", externalName: "example.org" } }),
      ),
      harness.create("manual", object("v1", "Service", "manual", { spec: { ports } })),
      harness.create(
        "podless",
        object("v1", "Service", "podless", { spec: { selector: { no: "body" }, ports } }),
      ),
    ]);
  });

  it("end when an Ingress has an address", async () => {
    const backend = { service: { name: "missing", port: { number: 80 } } };
    const rules = [{ host: "a.example.org", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }];
    const site = object("networking.k8s.io/v1", "Ingress", "site", {
      spec: { ingressClassName: "nobody", rules },
    });
    await harness.create("site", site);

    const { running } = await testCluster();
    const options = { patience: defaultPatience, signal: new AbortController().signal };
    const cluster = new Cluster(
      { contents: running.kubeconfig, folder: "." },
      readConfiguration({}),
      options,
    );
    const lines = await ingress.diagnose?.(cluster, toManifest(site));
    assert.deepEqual(lines, [
      `It points to the Service "missing", which does not exist in namespace "${namespace}".`,
    ]);
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
    const waiting = harness.create(
      "patient",
      configMap(namespace, "patient", { ready: "no" }, { annotations }),
    );
    const { client } = await testCluster();
    const path = `/api/v1/namespaces/${namespace}/configmaps/patient`;
    for await (const { object: seen } of client.watch<KubernetesObject>(
      `/api/v1/namespaces/${namespace}/configmaps`,
    )) {
      if (seen.metadata.name === "patient") break;
    }
    await client.request("PATCH", path, {
      body: { data: { ready: "yes" } },
      contentType: "application/merge-patch+json",
    });
    assert.deepEqual((await waiting).state.data, { ready: "yes" });
  });

  it("end when the object is deleted meanwhile", async () => {
    const annotations = { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" };
    const waiting = failureOf(harness.create("gone", configMap(namespace, "gone", {}, { annotations })));
    const { client } = await testCluster();
    for await (const { object: seen } of client.watch<KubernetesObject>(
      `/api/v1/namespaces/${namespace}/configmaps`,
    )) {
      if (seen.metadata.name === "gone") break;
    }
    await client.request("DELETE", `/api/v1/namespaces/${namespace}/configmaps/gone`);
    assert.match((await waiting).message, /was deleted while Pulumi waited for it/);
  });

  it("end when the engine gives up", async () => {
    const annotations = { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes" };
    const own = await Harness.open();
    const waiting = failureOf(
      own.create("cancelled", configMap(namespace, "cancelled", {}, { annotations })),
    );
    const { client } = await testCluster();
    for await (const { object: seen } of client.watch<KubernetesObject>(
      `/api/v1/namespaces/${namespace}/configmaps`,
    )) {
      if (seen.metadata.name === "cancelled") break;
    }
    own.provider.cancel();
    assert.match((await waiting).message, /not ready when the update was cancelled/);
  });
});
