import assert from "node:assert/strict";

import { InitializationError, type Properties } from "../../../../rehearsal/providers/protocol/provider.ts";
import { testCluster, testNamespace } from "./cluster.ts";
import { Harness } from "./harness.ts";
import { configMap, container, deployment } from "./objects.ts";

describe("The Kubernetes provider's reads", () => {
  let harness: Harness;
  let namespace: string;

  before(async () => {
    harness = await Harness.open({ enableConfigMapMutable: "true" });
    namespace = await testNamespace();
  });

  const patch = async (path: string, body: Properties) => {
    const { client } = await testCluster();
    await client.request("PATCH", path, { body, contentType: "application/merge-patch+json" });
  };

  it("find inputs unchanged when nobody has meddled", async () => {
    const resources = { limits: { cpu: "1000m" } };
    const env = [{ name: "A", value: "1" }];
    const resource = await harness.create(
      "web",
      deployment(namespace, "web", {
        containers: [container({ resources, env, ports: [{ containerPort: 80 }] })],
      }),
    );
    assert.deepEqual((await harness.refresh(resource))?.inputs, resource.inputs);
  });

  it("show drift as changed inputs, which the next update takes back", async () => {
    const inputs = configMap(
      namespace,
      "drifted",
      { a: "1", b: "2" },
      { annotations: { "pulumi.com/patchForce": "true" } },
    );
    const resource = await harness.create("drifted", inputs);
    await patch(`/api/v1/namespaces/${namespace}/configmaps/drifted`, {
      data: { a: "theirs", b: null, c: "3" },
    });
    const refreshed = await harness.refresh(resource);
    assert.ok(refreshed !== undefined);
    assert.deepEqual(refreshed.inputs.data, { a: "theirs" });
    assert.deepEqual(Object.keys((await harness.diff(refreshed, inputs)).detailed ?? {}).sort(), [
      "data.a",
      "data.b",
    ]);
    assert.deepEqual((await harness.update(refreshed, inputs)).state.data, { a: "1", b: "2", c: "3" });
  });

  it("find nothing where the object or its kind is gone", async () => {
    const resource = await harness.create("gone", configMap(namespace, "gone", {}));
    await harness.delete(resource);
    assert.equal(await harness.refresh(resource), undefined);
    assert.equal(
      await harness.import("kubernetes:nowhere.example.org/v1:Tab", `${namespace}/tab`),
      undefined,
    );
  });

  it("report an object that is not ready any more", async () => {
    const resource = await harness.create("sick", deployment(namespace, "sick"));
    await patch(`/apis/apps/v1/namespaces/${namespace}/deployments/sick`, {
      spec: { template: { spec: { nodeSelector: { no: "where" } } } },
    });
    const failure = await harness.refresh(resource).catch((error: unknown) => error);
    assert.ok(failure instanceof InitializationError);
    assert.match(failure.message, /Deployment "sick" .* is not ready/);
  });

  it("import an object with inputs that differ in nothing from a program that spells out the same", async () => {
    const { client } = await testCluster();
    const body = deployment(namespace, "found");
    await client.request("POST", `/apis/apps/v1/namespaces/${namespace}/deployments`, { body });
    const imported = await harness.import("kubernetes:apps/v1:Deployment", `${namespace}/found`);
    assert.ok(imported !== undefined);
    assert.equal((imported.inputs.spec as Properties).replicas, 1);
    assert.equal(imported.inputs.status, undefined);
    assert.equal((imported.inputs.metadata as Properties).uid, undefined);
    assert.deepEqual(await harness.diff(imported, body), { changes: false });
  });

  it("import from the default namespace by name alone", async () => {
    const imported = await harness.import("kubernetes:core/v1:Service", "kubernetes");
    assert.equal((imported?.state.metadata as Properties).namespace, "default");
  });
});
