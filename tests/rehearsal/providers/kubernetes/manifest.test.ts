import assert from "node:assert/strict";

import {
  idOf,
  importedInputs,
  isPatch,
  kindOfType,
  parseId,
  toManifest,
  toState,
  type KubernetesObject,
} from "../../../../rehearsal/providers/kubernetes/manifest.ts";
import { revealed, secret } from "../../../../rehearsal/providers/protocol/secret.ts";

describe("A Kubernetes manifest", () => {
  it("leaves out nulls and what only the server writes", () => {
    const manifest = toManifest({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", uid: "1", resourceVersion: "2", labels: { app: null } },
      data: null,
    });
    assert.deepEqual(manifest, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", labels: {} },
    });
  });

  it("spells the extensions of a schema as the API server does, and as the SDK does on the way back", () => {
    const inputs = {
      apiVersion: "v1",
      kind: "X",
      metadata: { name: "x" },
      spec: { x_kubernetes_int_or_string: true },
    };
    const manifest = toManifest(inputs);
    assert.deepEqual(manifest.spec, { "x-kubernetes-int-or-string": true });
    assert.deepEqual(toState(manifest, "us").spec, { x_kubernetes_int_or_string: true });
  });

  it("encodes a Secret's stringData, so that dropping a key removes it from the cluster", () => {
    const manifest = toManifest({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "login" },
      stringData: { password: "correct horse" },
      data: { user: "YWRtaW4=" },
    });
    assert.deepEqual(manifest.data, { user: "YWRtaW4=", password: "Y29ycmVjdCBob3JzZQ==" });
    assert.equal(manifest.stringData, undefined);
  });

  it("keeps managed fields out of the state, and marks a Secret's data as secret", () => {
    const live: KubernetesObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "login", managedFields: [{ manager: "us" }] },
      data: { password: "cGFzcw==" },
    };
    const state = toState(live, "us");
    assert.deepEqual(state.metadata, { name: "login" });
    assert.deepEqual(state.data, secret({ password: "cGFzcw==" }));
    assert.deepEqual(revealed(state.data), { password: "cGFzcw==" });
  });

  it("makes inputs of a live object without status, identity, and other tools' notes", () => {
    const inputs = importedInputs({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "web",
        namespace: "shop",
        uid: "1",
        generation: 3,
        annotations: { "deployment.kubernetes.io/revision": "1" },
      },
      spec: { replicas: 1 },
      status: { replicas: 1 },
    });
    assert.deepEqual(inputs, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop" },
      spec: { replicas: 1 },
    });
  });

  it("is identified by namespace and name", () => {
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "shop" } };
    assert.equal(idOf(object), "shop/web");
    assert.equal(idOf({ ...object, metadata: { name: "shop" } }), "shop");
    assert.deepEqual(parseId("shop/web"), { namespace: "shop", name: "web" });
    assert.deepEqual(parseId("shop"), { name: "shop" });
    for (const id of ["", "a/b/c", "a/", "/b"])
      assert.throws(() => parseId(id), /is no id of a Kubernetes object/);
  });

  it("finds apiVersion and kind in a type token, and knows patches", () => {
    assert.deepEqual(kindOfType("kubernetes:core/v1:ConfigMap"), { apiVersion: "v1", kind: "ConfigMap" });
    assert.deepEqual(kindOfType("kubernetes:apps/v1:DeploymentPatch"), {
      apiVersion: "apps/v1",
      kind: "Deployment",
    });
    assert.deepEqual(kindOfType("kubernetes:example.com/v1:Tab"), {
      apiVersion: "example.com/v1",
      kind: "Tab",
    });
    assert.equal(isPatch("kubernetes:apps/v1:DeploymentPatch", "Deployment"), true);
    assert.equal(isPatch("kubernetes:example.com/v1:OsPatch", "OsPatch"), false);
    assert.equal(isPatch("kubernetes:apps/v1:Deployment", "Deployment"), false);
  });
});
