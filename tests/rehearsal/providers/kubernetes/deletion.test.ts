import assert from "node:assert/strict";

import { testCluster, testNamespace } from "./cluster.ts";
import { Harness } from "./harness.ts";
import { configMap, container, deployment, tab, tabDefinition } from "./objects.ts";

describe("The Kubernetes provider's deletions", () => {
  let harness: Harness;
  let namespace: string;

  before(async () => {
    harness = await Harness.open();
    namespace = await testNamespace();
  });

  const exists = async (path: string): Promise<boolean> => {
    const { client } = await testCluster();
    return client.request("GET", path).then(
      () => true,
      () => false,
    );
  };

  it("are over when the object and what it owns are gone", async () => {
    const resource = await harness.create("web", deployment(namespace, "web"));
    await harness.delete(resource);
    assert.equal(await exists(`/apis/apps/v1/namespaces/${namespace}/deployments/web`), false);
    const { client } = await testCluster();
    const pods = (await client.request("GET", `/api/v1/namespaces/${namespace}/pods`)) as {
      readonly items: unknown[];
    };
    assert.deepEqual(pods.items, []);
  });

  it("end for every kind, whatever the server answers to a deletion", async () => {
    const metadata = { name: "any", namespace };
    const pod = { containers: [container()] };
    const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    const objects = [
      { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 80 }] } },
      { apiVersion: "v1", kind: "ServiceAccount", metadata },
      { apiVersion: "v1", kind: "Pod", metadata, spec: pod },
      { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec: claim },
      { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec: { podSelector: {} } },
      { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: { minAvailable: 1 } },
    ];
    for (const propagation of ["foreground", "background"]) {
      const annotations = { "pulumi.com/deletionPropagationPolicy": propagation };
      const annotated = objects.map((object) => ({ ...object, metadata: { ...metadata, annotations } }));
      const made = await Promise.all(annotated.map((object) => harness.create(object.kind, object)));
      await Promise.all(made.map((resource) => harness.delete(resource)));
    }
  });

  it("succeed when the object is gone already", async () => {
    const resource = await harness.create("twice", configMap(namespace, "twice", {}));
    await harness.delete(resource);
    await harness.delete(resource);
  });

  it("succeed when the kind is gone already", async () => {
    const group = `${namespace}.gone.example.org`;
    const definition = await harness.create("definition", tabDefinition(group));
    const resource = await harness.create("tab", tab(group, namespace, "tab", {}));
    const background = { annotations: { "pulumi.com/deletionPropagationPolicy": "background" } };
    const inputs = { ...definition.inputs, metadata: { name: `tabs.${group}`, ...background } };
    await harness.delete({ ...definition, inputs });
    await harness.delete(resource);
  });

  it("end for many definitions at once whose objects nobody ever looked at", async () => {
    const definitions = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        harness.create(`fresh-${index}`, tabDefinition(`${namespace}.fresh${index}.example.org`)),
      ),
    );
    await Promise.all(definitions.map((definition) => harness.delete(definition, 45)));
  });

  it("name the finalizers that an object waits for", async () => {
    const finalizers = ["example.org/operator"];
    const resource = await harness.create("held", configMap(namespace, "held", {}, { finalizers }));
    await assert.rejects(
      harness.delete(resource, 1),
      /ConfigMap "held" .* still exists 1 s after its deletion began\. It waits for its finalizers: example\.org\/operator/,
    );
    const { client } = await testCluster();
    const path = `/api/v1/namespaces/${namespace}/configmaps/held`;
    const body = { metadata: { finalizers: null } };
    const release = client.request("PATCH", path, { body, contentType: "application/merge-patch+json" });
    await Promise.all([harness.delete(resource), release]);
    assert.equal(await exists(path), false);
  });

  it("say what is left in a namespace that does not end", async () => {
    const name = `${namespace}-held`;
    const space = await harness.create("space", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const finalizers = ["example.org/operator"];
    // The namespace controller begins after a grace period of five seconds.
    await harness.create("held", configMap(name, "held", {}, { finalizers }));
    await assert.rejects(
      harness.delete(space, 7),
      /Namespace .*still exists.*example\.org\/operator in 1 resource instances/s,
    );
    const { client } = await testCluster();
    const path = `/api/v1/namespaces/${name}/configmaps/held`;
    const body = { metadata: { finalizers: null } };
    await client.request("PATCH", path, { body, contentType: "application/merge-patch+json" });
  });

  it("leave dependents alone when the annotation says orphan", async () => {
    const annotations = { "pulumi.com/deletionPropagationPolicy": "orphan" };
    const resource = await harness.create("parent", deployment(namespace, "parent", {}, { annotations }));
    await harness.delete(resource);
    const { client } = await testCluster();
    const query = { labelSelector: "app=parent" };
    const sets = await client.request("GET", `/apis/apps/v1/namespaces/${namespace}/replicasets`, { query });
    assert.equal((sets as { readonly items: unknown[] }).items.length, 1);
  });
});
