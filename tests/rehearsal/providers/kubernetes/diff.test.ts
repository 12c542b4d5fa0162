import assert from "node:assert/strict";

import type { Properties } from "../../../../rehearsal/providers/protocol/provider.ts";
import { testCluster, testNamespace } from "./cluster.ts";
import { Harness, type Resource } from "./harness.ts";
import { configMap, container, deployment, tab, tabDefinition } from "./objects.ts";

describe("A diff of the Kubernetes provider", () => {
  let harness: Harness;
  let namespace: string;
  let web: Resource;

  const skip = { annotations: { "pulumi.com/skipAwait": "true" } };
  const one = (pod: Properties = {}) => deployment(namespace, "web", pod, skip);

  before(async () => {
    harness = await Harness.open();
    namespace = await testNamespace();
    const resources = { limits: { cpu: "1000m", memory: "1Gi" } };
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    web = await harness.create("web", one({ containers: [container({ resources, env })] }));
  });

  const webWith = (changes: Properties, pod: Properties = {}) => {
    const resources = { limits: { cpu: "1000m", memory: "1Gi" } };
    const env = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    return one({ containers: [container({ resources, env, ...changes })], ...pod });
  };

  it("is empty for equal inputs", async () => {
    assert.deepEqual(await harness.diff(web, webWith({})), { changes: false });
  });

  it("is empty where inputs spell out a default", async () => {
    const spelled = webWith(
      { imagePullPolicy: "IfNotPresent" },
      { restartPolicy: "Always", dnsPolicy: "ClusterFirst" },
    );
    assert.deepEqual(await harness.diff(web, spelled), { changes: false });
  });

  it("is empty for another spelling of a quantity", async () => {
    const spelled = webWith({ resources: { limits: { cpu: "1", memory: "1024Mi" } } });
    assert.deepEqual(await harness.diff(web, spelled), { changes: false });
  });

  it("is empty for a null where nothing was", async () => {
    assert.deepEqual(await harness.diff(web, webWith({ command: null })), { changes: false });
  });

  it("names the path of what changes", async () => {
    assert.deepEqual(await harness.diff(web, webWith({ image: "registry.example.org/web:1.1" })), {
      changes: true,
      replaces: [],
      detailed: { "spec.template.spec.containers[0].image": "update" },
      deleteBeforeReplace: false,
    });
  });

  it("leaves out what ignoreChanges names", async () => {
    const changed = webWith({ image: "registry.example.org/web:1.1" });
    const ignored = ["spec.template.spec.containers[0].image"];
    assert.deepEqual(await harness.diff(web, changed, ignored), { changes: false });
  });

  it("replaces on a new name or namespace", async () => {
    const renamed = deployment(namespace, "renamed", {}, skip);
    const result = await harness.diff(web, { ...webWith({}), metadata: renamed.metadata });
    assert.deepEqual(result.replaces, ["metadata.name"]);
    assert.equal(result.deleteBeforeReplace, false);
  });

  it("replaces where the server refuses the update, the old one first when the name is fixed", async () => {
    const changed = webWith({});
    const labels = { app: "web", tier: "front" };
    const spec = { ...changed.spec, selector: { matchLabels: labels } };
    const template = { ...spec.template, metadata: { labels } };
    const result = await harness.diff(web, { ...changed, spec: { ...spec, template } });
    assert.deepEqual(result.replaces, ["spec.selector.matchLabels.tier"]);
    assert.deepEqual(result.detailed, {
      "spec.selector.matchLabels.tier": "add-replace",
      "spec.template.metadata.labels.tier": "add",
    });
    assert.equal(result.deleteBeforeReplace, true);
  });

  it("replaces on fields of which only the server knows that they are immutable", async () => {
    const claim = { name: "cron", namespace };
    const binding = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: claim,
      type: "example.org/one",
      stringData: { a: "1" },
    };
    const secret = await harness.create("secret", binding);
    assert.deepEqual((await harness.diff(secret, { ...binding, type: "example.org/two" })).replaces, [
      "type",
    ]);

    const priority = {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: namespace },
      value: 1,
    };
    const resource = await harness.create("priority", priority);
    const result = await harness.diff(resource, { ...priority, value: 2 });
    assert.deepEqual(result.replaces, ["value"]);
    assert.equal(result.deleteBeforeReplace, true);
    await harness.delete(resource);
  });

  it("does not replace what the server refuses for another reason", async () => {
    const shared = { accessModes: ["ReadWriteOnce"], storageClassName: namespace };
    const volume = { ...shared, capacity: { storage: "2Gi" }, hostPath: { path: "/tmp/volume" } };
    const kind = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: namespace } };
    await harness.create("volume", { ...kind, spec: volume });
    const claim = (storage: string) => {
      const spec = { ...shared, resources: { requests: { storage } } };
      return {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "claim", namespace },
        spec,
      };
    };
    const resource = await harness.create("claim", claim("2Gi"));
    const result = await harness.diff(resource, claim("1Gi"));
    assert.deepEqual(result.replaces, []);
    assert.deepEqual(result.detailed, { "spec.resources.requests.storage": "update" });
    await assert.rejects(
      harness.previewUpdate(resource, claim("1Gi")),
      /refused to update PersistentVolumeClaim/,
    );
  });

  it("replaces a ConfigMap or Secret on new data unless the provider may mutate it, as the official provider does", async () => {
    const map = await harness.create("map", configMap(namespace, "map", { a: "1" }));
    assert.deepEqual((await harness.diff(map, configMap(namespace, "map", { a: "2" }))).replaces, ["data.a"]);
    const mutable = await Harness.open({ enableConfigMapMutable: "true" });
    assert.deepEqual((await mutable.diff(map, configMap(namespace, "map", { a: "2" }))).replaces, []);
    const fixed = { ...configMap(namespace, "fixed", { a: "1" }), immutable: true };
    const immutable = await mutable.create("fixed", fixed);
    assert.deepEqual((await mutable.diff(immutable, { ...fixed, data: { a: "2" } })).replaces, ["data.a"]);
  });

  it("makes a replacement's name anew when Pulumi made the old one, so nothing need go first", async () => {
    const inputs = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace }, data: { a: "1" } };
    const map = await harness.create("map", inputs);
    const result = await harness.diff(map, { ...inputs, data: { a: "2" } });
    assert.deepEqual(result.replaces, ["data.a"]);
    assert.equal(result.deleteBeforeReplace, false);
  });

  it("is empty for a custom resource's default namespace, which nobody knew before its kind existed", async () => {
    const group = `${namespace}.example.org`;
    await harness.create("definition", tabDefinition(group));
    const unplaced = tab(group, namespace, "tab", { size: 1 });
    const made = await harness.create("tab", unplaced);
    const { name } = unplaced.metadata;
    const earlier = { ...made, inputs: { ...made.inputs, metadata: { name } } };
    assert.deepEqual(await harness.diff(earlier, unplaced), { changes: false });
  });

  it("sees that somebody else has already made the change", async () => {
    const map = await (
      await Harness.open({ enableConfigMapMutable: "true" })
    ).create("ahead", configMap(namespace, "ahead", { a: "1" }));
    const { client } = await testCluster();
    const contentType = "application/merge-patch+json";
    const path = `/api/v1/namespaces/${namespace}/configmaps/ahead`;
    await client.request("PATCH", path, { contentType, body: { data: { b: "2" } } });
    const mutable = await Harness.open({ enableConfigMapMutable: "true" });
    assert.deepEqual(await mutable.diff(map, configMap(namespace, "ahead", { a: "1", b: "2" })), {
      changes: false,
    });
  });
});
