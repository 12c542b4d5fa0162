import assert from "node:assert/strict";

import { fieldManager } from "../../../../rehearsal/providers/kubernetes/naming.ts";
import { ownersOf } from "../../../../rehearsal/providers/kubernetes/apply.ts";
import type { KubernetesObject } from "../../../../rehearsal/providers/kubernetes/manifest.ts";
import { InitializationError, type Properties } from "../../../../rehearsal/providers/protocol/provider.ts";
import { testCluster, testNamespace } from "./cluster.ts";
import { Harness } from "./harness.ts";
import { configMap, deployment, tab, tabDefinition } from "./objects.ts";

describe("The Kubernetes provider's creations and updates", () => {
  let harness: Harness;
  let namespace: string;

  before(async () => {
    harness = await Harness.open({ enableConfigMapMutable: "true" });
    namespace = await testNamespace();
  });

  const path = (name: string) => `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  const live = async (name: string) => {
    const { client } = await testCluster();
    return (await client.request("GET", path(name))) as KubernetesObject;
  };
  /** Somebody else changes a ConfigMap. */
  const meddle = async (name: string, body: Properties) => {
    const { client } = await testCluster();
    const query = { fieldManager: "kubectl-edit" };
    await client.request("PATCH", path(name), { body, query, contentType: "application/merge-patch+json" });
  };

  it("apply under a field manager of the resource's own", async () => {
    const resource = await harness.create("owned", configMap(namespace, "owned", { a: "1" }));
    assert.equal(resource.id, `${namespace}/owned`);
    const manager = fieldManager("urn:pulumi:test::test::kubernetes:core/v1:ConfigMap::owned");
    assert.deepEqual(ownersOf(await live("owned")), [manager]);
    assert.equal((await live("owned")).metadata.managedFields?.[0]?.operation, "Apply");
  });

  it("do not take over somebody else's object", async () => {
    await harness.create("first", configMap(namespace, "taken", { a: "1" }));
    await assert.rejects(
      harness.create("second", configMap(namespace, "taken", { a: "2" })),
      /ConfigMap "taken" in namespace .* already exists \(managed by pulumi-kubernetes-.*upsertExistingObjects/s,
    );
    assert.deepEqual((await live("taken")).data, { a: "1" });
    const upserting = await Harness.open({ upsertExistingObjects: "true", enablePatchForce: "true" });
    await upserting.create("third", configMap(namespace, "taken", { a: "3" }));
    assert.deepEqual((await live("taken")).data, { a: "3" });
  });

  it("continue a creation of which the engine never heard, because it was killed", async () => {
    const inputs = configMap(namespace, "continued", { a: "1" });
    await harness.create("continued", inputs);
    await harness.preview("continued", inputs);
    const again = await harness.create("continued", { ...inputs, data: { b: "2" } });
    assert.deepEqual(again.state.data, { b: "2" });
  });

  it("remove what the program does not set any more, and leave alone what others have added", async () => {
    const resource = await harness.create("dropped", configMap(namespace, "dropped", { a: "1", b: "2" }));
    await meddle("dropped", { data: { theirs: "3" } });
    const updated = await harness.update(resource, configMap(namespace, "dropped", { a: "1" }));
    assert.deepEqual(updated.state.data, { a: "1", theirs: "3" });
  });

  it("remove a dropped key of a Secret's stringData", async () => {
    const secret = (stringData: Properties) => {
      return { apiVersion: "v1", kind: "Secret", metadata: { name: "login", namespace }, stringData };
    };
    const mutable = await Harness.open({ enableSecretMutable: "true" });
    const resource = await mutable.create("login", secret({ user: "a", password: "b" }));
    const updated = await mutable.update(resource, secret({ user: "a" }));
    assert.deepEqual(updated.state.data, { user: "YQ==" });
  });

  it("name the other manager, the field and the way out of a conflict", async () => {
    const resource = await harness.create("contested", configMap(namespace, "contested", { a: "1" }));
    await meddle("contested", { data: { a: "theirs" } });
    const changed = configMap(namespace, "contested", { a: "2" });
    const message = /data\.a: owned by "kubectl-edit".*ignoreChanges.*pulumi\.com\/patchForce: "true"/s;
    await assert.rejects(harness.update(resource, changed), message);
    await assert.rejects(harness.previewUpdate(resource, changed), message);
    const forced = configMap(
      namespace,
      "contested",
      { a: "2" },
      { annotations: { "pulumi.com/patchForce": "true" } },
    );
    assert.deepEqual((await harness.update(resource, forced)).state.data, { a: "2" });
  });

  it("hand an object over to another field manager", async () => {
    const resource = await harness.create("handed", configMap(namespace, "handed", { a: "1", b: "2" }));
    const annotations = { "pulumi.com/patchFieldManager": "successor" };
    const updated = await harness.update(
      resource,
      configMap(namespace, "handed", { a: "1" }, { annotations }),
    );
    assert.deepEqual(updated.state.data, { a: "1" });
    assert.deepEqual(ownersOf(await live("handed")), ["successor"]);
  });

  it("leave a field that ignoreChanges names to those who own it", async () => {
    const resource = await harness.create("shared", configMap(namespace, "shared", { a: "1", b: "1" }));
    await meddle("shared", { data: { a: "theirs" } });
    const updated = await harness.update(resource, configMap(namespace, "shared", { a: "1", b: "2" }), [
      "data.a",
    ]);
    assert.deepEqual(updated.state.data, { a: "theirs", b: "2" });
  });

  it("make an object again that somebody deleted", async () => {
    const resource = await harness.create("lost", configMap(namespace, "lost", { a: "1" }));
    await (await testCluster()).client.request("DELETE", path("lost"));
    const updated = await harness.update(resource, configMap(namespace, "lost", { a: "2" }));
    assert.deepEqual(updated.state.data, { a: "2" });
  });

  it("wait for a namespace and for a kind that the same run creates", async () => {
    const group = `${namespace}.later.example.org`;
    const later = `${namespace}-later`;
    const [map, made] = await Promise.all([
      harness.create("map", configMap(later, "map", {})),
      harness.create("tab", tab(group, namespace, "tab", { size: 1 })),
      harness.create("definition", tabDefinition(group)),
      harness.create("space", { apiVersion: "v1", kind: "Namespace", metadata: { name: later } }),
    ]);
    assert.equal(map.id, `${later}/map`);
    assert.equal(made.id, `${namespace}/tab`);
  });

  it("say which kind is missing when nobody creates it", async () => {
    const impatient = await Harness.open({}, { prerequisite: 500 });
    await assert.rejects(
      impatient.create("tab", tab("nowhere.example.org", namespace, "tab", {})),
      /knows no kind Tab in nowhere\.example\.org\/v1.*dependsOn/s,
    );
  });

  it("do forty things at once", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `many-${index}`);
    const made = await Promise.all(
      names.map((name) => harness.create(name, configMap(namespace, name, { name }))),
    );
    assert.deepEqual(
      made.map(({ id }) => id),
      names.map((name) => `${namespace}/${name}`),
    );
    await Promise.all(made.map((resource) => harness.delete(resource)));
  });

  it("survive a restart of the API server", async () => {
    const { running } = await testCluster();
    const inputs = deployment(namespace, "survivor");
    await harness.create("before", configMap(namespace, "before", {}));
    const restart = running.restartApiServer();
    const survivors = await Promise.all([
      harness.create("during", configMap(namespace, "during", {})),
      harness.create("survivor", inputs),
    ]);
    await restart;
    assert.equal(survivors.length, 2);
  });

  it("wait again in the next update after a wait was in vain", async () => {
    const annotations = {
      "pulumi.com/waitFor": "jsonpath={.data.done}=yes",
      "pulumi.com/timeoutSeconds": "1",
    };
    const inputs = (data: Properties) => configMap(namespace, "later", data, { annotations });
    const failure = await harness.create("later", inputs({ done: "no" })).catch((error: unknown) => error);
    assert.ok(failure instanceof InitializationError);
    assert.equal(failure.id, `${namespace}/later`);
    const type = "kubernetes:core/v1:ConfigMap";
    const resource = { name: "later", type, id: failure.id, inputs: failure.inputs, state: failure.state };
    await assert.rejects(
      harness.update(resource, inputs({ done: "almost" })),
      /\.data\.done is almost, not yes/,
    );
    assert.deepEqual((await harness.update(resource, inputs({ done: "yes" }))).state.data, {
      done: "yes",
    });
  });
});
