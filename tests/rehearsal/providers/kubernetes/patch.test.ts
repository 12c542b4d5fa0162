import assert from "node:assert/strict";

import type { KubernetesObject } from "../../../../rehearsal/providers/kubernetes/manifest.ts";
import type { Properties } from "../../../../rehearsal/providers/protocol/provider.ts";
import { testCluster, testNamespace } from "./cluster.ts";
import { Harness } from "./harness.ts";
import { configMap } from "./objects.ts";

describe("A Patch resource of the Kubernetes provider", () => {
  const type = "kubernetes:core/v1:ConfigMapPatch";
  let harness: Harness;
  let namespace: string;

  before(async () => {
    harness = await Harness.open();
    namespace = await testNamespace();
    const { client } = await testCluster();
    const body = configMap(namespace, "theirs", { a: "1" });
    await client.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, {
      body,
      query: { fieldManager: "them" },
    });
  });

  const data = async (): Promise<unknown> => {
    const { client } = await testCluster();
    const live = await client.request("GET", `/api/v1/namespaces/${namespace}/configmaps/theirs`);
    return (live as KubernetesObject).data;
  };

  it("sets fields of an object that others own, changes them in place, and gives them back", async () => {
    const inputs = (ours: Properties) => configMap(namespace, "theirs", ours);
    const planned = await harness.preview("patch", inputs({ ours: "2" }), type);
    assert.deepEqual(planned.data, { a: "1", ours: "2" });
    const resource = await harness.create("patch", inputs({ ours: "2" }), type);
    assert.deepEqual(await data(), { a: "1", ours: "2" });
    assert.deepEqual((await harness.diff(resource, inputs({ ours: "3" }))).replaces, []);
    const updated = await harness.update(resource, inputs({ ours: "3" }));
    assert.deepEqual(await data(), { a: "1", ours: "3" });
    await harness.delete(updated);
    assert.deepEqual(await data(), { a: "1" });
  });

  it("takes over a field only by force", async () => {
    const inputs = configMap(namespace, "theirs", { a: "2" });
    await assert.rejects(harness.create("patch", inputs, type), /data\.a: owned by "them"/);
    const annotations = { "pulumi.com/patchForce": "true" };
    const forced = configMap(namespace, "theirs", { a: "2" }, { annotations });
    const resource = await harness.create("patch", forced, type);
    assert.deepEqual(await data(), { a: "2" });
    await harness.delete(resource);
  });

  it("needs an object to patch, and its name", async () => {
    const inputs = configMap(namespace, "nothing", { a: "2" });
    await assert.rejects(
      harness.create("patch", inputs, type),
      /There is no ConfigMap "nothing" .* to patch/,
    );
    await assert.rejects(
      harness.check("patch", { ...inputs, metadata: {} }, undefined, type),
      /a patch needs the name/,
    );
  });

  it("is replaced when it patches another object", async () => {
    const { client } = await testCluster();
    const body = configMap(namespace, "other", {});
    await client.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, { body });
    const resource = await harness.create("patch", configMap(namespace, "other", { b: "1" }), type);
    const result = await harness.diff(resource, configMap(namespace, "theirs", { b: "1" }));
    assert.deepEqual(result.replaces, ["metadata.name"]);
  });

  it("cannot be taken back when the object needs its fields, and says so", async () => {
    const { client } = await testCluster();
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "service", namespace } };
    const ports = [{ port: 80, protocol: "TCP", name: "web" }];
    const theirs = (spec: Properties) =>
      client.request("PATCH", `/api/v1/namespaces/${namespace}/services/service`, {
        body: { ...service, spec },
        contentType: "application/apply-patch+yaml",
        query: { fieldManager: "them" },
      });
    await theirs({ ports });
    const resource = await harness.create(
      "patch",
      { ...service, spec: { ports } },
      "kubernetes:core/v1:ServicePatch",
    );
    // They let go of the port, so that it is ours alone.
    await theirs({});
    await assert.rejects(harness.delete(resource), /cannot be taken back.*spec\.ports: Required value/s);
  });
});
