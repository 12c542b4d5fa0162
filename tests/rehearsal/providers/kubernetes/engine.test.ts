import * as kubernetes from "@pulumi/kubernetes";
import { output, secret, type Output } from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import assert from "node:assert/strict";

import { TestEngine } from "../engine.ts";
import { testCluster, testNamespace } from "./cluster.ts";

type Data = Record<string, string | Output<string>>;

describe("The Kubernetes provider under the real engine", () => {
  let engine: TestEngine;
  let kubeconfig: string;

  before(async () => {
    ({ kubeconfig } = (await testCluster()).running);
    engine = await TestEngine.open();
  });

  // What is left in the cluster goes with the cluster, and nothing of it is in the next test's way.
  afterEach(() => engine.forget());

  after(() => engine.close());

  const cluster = () => new kubernetes.Provider("cluster", { kubeconfig: secret(kubeconfig) });

  /** A namespace with a bit of everything. */
  const program =
    (changes: { data?: Data; replicas?: number; app?: string } = {}) =>
    async () => {
      const { data = { a: "1" }, replicas = 1, app = "web" } = changes;
      const options = { provider: cluster() };
      const space = new kubernetes.core.v1.Namespace("shop", {}, options);
      const metadata = { namespace: space.metadata.name };
      const map = new kubernetes.core.v1.ConfigMap("settings", { metadata, data }, options);
      const login = new kubernetes.core.v1.Secret(
        "login",
        { metadata, stringData: { password: secret("hunter2") } },
        options,
      );
      const env = [
        { name: "SETTINGS", value: map.metadata.name },
        { name: "TOKEN", value: secret("hunter3") },
        { name: "LOGIN", valueFrom: { secretKeyRef: { name: login.metadata.name, key: "password" } } },
      ];
      const containers = [{ name: "web", image: "registry.example.org/web:1.0", env }];
      const labels = { app };
      const spec = {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      };
      const web = new kubernetes.apps.v1.Deployment(
        "web",
        { metadata: { ...metadata, name: "web" }, spec },
        options,
      );
      return Promise.resolve({ available: web.status.availableReplicas, namespace: space.metadata.name });
    };

  it("creates, changes nothing twice, updates, replaces and destroys, and tells no secret", async () => {
    const first = await engine.up(program());
    assert.deepEqual(first.changes, { create: ["login", "settings", "shop", "web"] });
    assert.equal(first.outputs.available, 1);

    assert.deepEqual((await engine.up(program())).changes, {});

    const update = await engine.up(program({ replicas: 2 }));
    assert.deepEqual(update.changes, { update: ["web"] });
    assert.equal(update.outputs.available, 2);

    const replacement = await engine.preview(program({ replicas: 2, app: "shop" }));
    assert.deepEqual(replacement.changes.replace, ["web"]);
    const replaced = await engine.up(program({ replicas: 2, app: "shop" }));
    assert.equal(replaced.outputs.available, 2);

    const state = await engine.state();
    const said = [first, update, replacement, replaced].map((ran) => ran.said).join();
    for (const word of ["hunter2", "hunter3", Buffer.from("hunter2").toString("base64"), "client-key-data"]) {
      assert.equal(state.includes(word), false, `the state tells ${word}`);
      assert.equal(said.includes(word), false, `the engine said ${word}`);
    }

    const { client } = await testCluster();
    await engine.destroy();
    const path = `/api/v1/namespaces/${String(first.outputs.namespace)}`;
    await assert.rejects(client.request("GET", path), { status: 404 });
  });

  it("fails the preview with the API server's message", async () => {
    const broken = async () => {
      new kubernetes.core.v1.Service("web", { spec: { ports: [{ port: 99999 }] } }, { provider: cluster() });
      return Promise.resolve();
    };
    await assert.rejects(
      engine.preview(broken),
      /spec\.ports\[0\]\.port: Invalid value: 99999: must be between 1 and 65535/,
    );
  });

  it("plans a cluster that does not exist yet without asking a server", async () => {
    const unborn = async () => {
      const made = new random.RandomString("made", { length: 8 });
      const later = output(made.result).apply(() => kubeconfig);
      const provider = new kubernetes.Provider("unborn", { kubeconfig: later });
      const data = { made: made.result };
      new kubernetes.core.v1.ConfigMap("settings", { metadata: { name: "unborn" }, data }, { provider });
      return Promise.resolve();
    };
    assert.deepEqual((await engine.preview(unborn)).changes, { create: ["made", "settings"] });
    assert.deepEqual((await engine.up(unborn)).changes, { create: ["made", "settings"] });
    assert.deepEqual((await engine.up(unborn)).changes, {});
  });

  it("shows drift on refresh, and the next update takes it back", async () => {
    const namespace = await testNamespace();
    const { client } = await testCluster();
    const annotations = { "pulumi.com/patchForce": "true" };
    const drifting = async () => {
      const provider = new kubernetes.Provider("cluster", { kubeconfig, enableConfigMapMutable: true });
      const metadata = { name: "drifting", namespace, annotations };
      new kubernetes.core.v1.ConfigMap("settings", { metadata, data: { a: "1" } }, { provider });
      return Promise.resolve();
    };
    await engine.up(drifting);
    const path = `/api/v1/namespaces/${namespace}/configmaps/drifting`;
    const contentType = "application/merge-patch+json";
    await client.request("PATCH", path, { body: { data: { a: "theirs" } }, contentType });
    assert.deepEqual((await engine.refresh()).changes, { refresh: ["settings"] });
    assert.deepEqual((await engine.up(drifting)).changes, { update: ["settings"] });
    const live = (await client.request("GET", path)) as { readonly data: unknown };
    assert.deepEqual(live.data, { a: "1" });
  });

  it("imports an object that others made", async () => {
    const namespace = await testNamespace();
    const { client } = await testCluster();
    const body = { metadata: { name: "found" }, data: { a: "1" } };
    await client.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, { body });
    const importing = async () => {
      const options = { provider: cluster(), import: `${namespace}/found` };
      const metadata = { name: "found", namespace };
      new kubernetes.core.v1.ConfigMap("found", { metadata, data: { a: "1" } }, options);
      return Promise.resolve();
    };
    assert.deepEqual((await engine.up(importing)).changes, { import: ["found"] });
    assert.deepEqual((await engine.up(importing)).changes, {});
  });

  it("keeps an object that did not become ready, and tries again", async () => {
    const namespace = await testNamespace();
    const waiting = (done: string) => async () => {
      const provider = new kubernetes.Provider("cluster", { kubeconfig, enableConfigMapMutable: true });
      const annotations = {
        "pulumi.com/waitFor": "jsonpath={.data.done}=yes",
        "pulumi.com/timeoutSeconds": "1",
      };
      const metadata = { name: "waiting", namespace, annotations };
      new kubernetes.core.v1.ConfigMap("waiting", { metadata, data: { done } }, { provider });
      return Promise.resolve();
    };
    await assert.rejects(engine.up(waiting("no")), /\.data\.done is no, not yes/);
    assert.deepEqual((await engine.up(waiting("yes"))).changes, { update: ["waiting"] });
    assert.deepEqual((await engine.up(waiting("yes"))).changes, {});
  });

  it("reads YAML with custom resources and their definitions in one go", async () => {
    const namespace = await testNamespace();
    const group = `${namespace}.example.org`;
    const yaml = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: tabs.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: Tab, plural: tabs, singular: tab }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
---
apiVersion: ${group}/v1
kind: Tab
metadata:
  name: tab
  namespace: ${namespace}
  annotations: { pulumi.com/deletionPropagationPolicy: background }
spec: { size: 1 }
`;
    const reading = async () => {
      new kubernetes.yaml.ConfigGroup("group", { yaml }, { providers: { kubernetes: cluster() } });
      return Promise.resolve();
    };
    const names = (await engine.up(reading)).changes.create;
    assert.deepEqual(
      names?.filter((name) => name !== "group"),
      [`tabs.${group}`, `${namespace}/tab`],
    );
    assert.deepEqual((await engine.up(reading)).changes, {});
  });
});
