import assert from "node:assert/strict";

import { unknownValue, type Properties } from "../../../../rehearsal/providers/protocol/provider.ts";
import { testCluster, testNamespace } from "./cluster.ts";
import { Harness } from "./harness.ts";
import { configMap, container, deployment, tab } from "./objects.ts";

describe("A preview of the Kubernetes provider", () => {
  let harness: Harness;
  let namespace: string;

  before(async () => {
    harness = await Harness.open();
    namespace = await testNamespace();
  });

  it("shows what the server makes of an object, and keeps nothing", async () => {
    const planned = await harness.preview("web", deployment(namespace, "web"));
    assert.equal((planned.spec as Properties).revisionHistoryLimit, 10);
    assert.equal((planned.metadata as Properties).uid, unknownValue);
    assert.equal(planned.status, undefined);
    const { client } = await testCluster();
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web`;
    await assert.rejects(client.request("GET", path), { status: 404 });
  });

  it("fails with the server's message when a field does not exist", async () => {
    const mistaken = {
      ...deployment(namespace, "web"),
      spec: { ...deployment(namespace, "web").spec, replica: 2 },
    };
    await assert.rejects(
      harness.preview("web", mistaken),
      /Deployment "web" in namespace "test-.*unknown field "spec.replica"/,
    );
  });

  it("fails with the server's message when a value is invalid", async () => {
    const broken = deployment(namespace, "web", { containers: [container({ image: "" })] });
    await assert.rejects(
      harness.preview("web", broken),
      /spec.template.spec.containers\[0\].image: Required value/,
    );
  });

  it("checks an object whose namespace is created in the same run", async () => {
    await harness.preview("web", deployment("not-yet", "web"));
    const broken = deployment("not-yet", "web", { containers: [container({ image: "" })] });
    await assert.rejects(harness.preview("web", broken), /image: Required value/);
  });

  it("takes an object that the default namespace has, too, for valid", async () => {
    const { client } = await testCluster();
    const body = configMap("default", "shared-name", {});
    await client.request("POST", "/api/v1/namespaces/default/configmaps", { body });
    await harness.preview("map", configMap("not-yet", "shared-name", {}));
  });

  it("accepts a kind whose definition is created in the same run", async () => {
    const planned = await harness.preview(
      "tab",
      tab("unheard-of.example.org", namespace, "tab", { size: 1 }),
    );
    assert.deepEqual(planned.spec, { size: 1 });
  });

  it("accepts values that are not known yet", async () => {
    const later = deployment(namespace, "later", { terminationGracePeriodSeconds: unknownValue });
    assert.deepEqual((await harness.preview("later", later)).spec, later.spec);
  });

  it("says that an object of others exists already", async () => {
    const { client } = await testCluster();
    const foreign = configMap(namespace, "foreign", { a: "1" });
    const query = { fieldManager: "helm" };
    await client.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, { body: foreign, query });
    await assert.rejects(harness.preview("map", foreign), /already exists \(managed by helm\).*import it/s);
  });

  it("does not promise the addresses that a Service will get", async () => {
    const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
    const metadata = { name: "web", namespace };
    const planned = await harness.preview("web", { apiVersion: "v1", kind: "Service", metadata, spec });
    assert.equal((planned.spec as Properties).clusterIP, unknownValue);
    assert.equal((planned.spec as Properties).type, "ClusterIP");
  });

  it("fails an update with the server's message", async () => {
    const resource = await harness.create("limits", configMap(namespace, "limits", { a: "1" }));
    const broken = { ...configMap(namespace, "limits", { a: "1" }), immutabel: true };
    await assert.rejects(
      harness.previewUpdate(resource, broken),
      /refused to update ConfigMap "limits".*\.immutabel: field not declared in schema/,
    );
  });
});

describe("A check of the Kubernetes provider", () => {
  let harness: Harness;

  before(async () => {
    harness = await Harness.open();
  });

  const refused: readonly (readonly [string, Properties, RegExp])[] = [
    ["an object without kind", { apiVersion: "v1", metadata: {} }, /^kind every Kubernetes object needs/],
    [
      "an object without apiVersion",
      { kind: "Pod", metadata: {} },
      /^apiVersion every Kubernetes object needs/,
    ],
    [
      "metadata that is no object",
      { apiVersion: "v1", kind: "Pod", metadata: "web" },
      /^metadata must be an object/,
    ],
    [
      "a name that is no text",
      { apiVersion: "v1", kind: "Pod", metadata: { name: 1 } },
      /^metadata.name must be a text/,
    ],
    [
      "generateName",
      { apiVersion: "v1", kind: "Pod", metadata: { generateName: "x-" } },
      /makes a unique name/,
    ],
    ["a list", { apiVersion: "v1", kind: "PodList", items: [] }, /create its items one by one/],
    [
      "an annotation that is not understood",
      { apiVersion: "v1", kind: "Pod", metadata: { annotations: { "pulumi.com/waitFor": "phase=Running" } } },
      /must begin with "jsonpath=" or "condition="/,
    ],
  ];
  for (const [what, inputs, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(harness.check("thing", inputs), { message });
    });
  }

  it("refuses Helm releases, and says what to use instead", async () => {
    const type = "kubernetes:helm.sh/v3:Release";
    await assert.rejects(harness.check("chart", {}, undefined, type), /render the chart/);
  });

  it("makes a unique name, marks it, and keeps it in later runs", async () => {
    const news = { apiVersion: "v1", kind: "ConfigMap", metadata: { labels: { app: "web" } } };
    const first = await harness.check("map", news);
    const metadata = first.metadata as Properties;
    assert.match(String(metadata.name), /^map-[0-9a-f]{8}$/);
    assert.deepEqual(metadata.annotations, { "pulumi.com/autonamed": "true" });
    const old = { name: "map", type: "kubernetes:core/v1:ConfigMap", id: "", inputs: first, state: first };
    assert.deepEqual(await harness.check("map", news, old), first);
    assert.notDeepEqual(await harness.check("map", news), first);
  });

  it("fills in the default namespace for kinds that have namespaces, and only for them", async () => {
    const map = await harness.check("map", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "map" },
    });
    assert.deepEqual(map.metadata, { name: "map", namespace: "default" });
    const space = await harness.check("space", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "space" },
    });
    assert.deepEqual(space.metadata, { name: "space" });
    const configured = await Harness.open({ namespace: "elsewhere" });
    const other = await configured.check("map", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "map" },
    });
    assert.deepEqual(other.metadata, { name: "map", namespace: "elsewhere" });
  });
});
