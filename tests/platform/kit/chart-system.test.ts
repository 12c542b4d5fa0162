import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Charts } from "../../../config/sections/charts.ts";
import { ChartSystem } from "../../../platform/kit/chart-system.ts";
import { readKind } from "../../../platform/kit/custom-resource.ts";
import { containerResources } from "../../../policy/container-resources.ts";
import { pinnedImages } from "../../../policy/pinned-images.ts";
import { breaches } from "../../policy/resources.ts";
import type { Registered } from "../../support/components.ts";

const resources = { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "1", memory: "64Mi" } } as const;

interface ScaledObject {
  readonly scaleTargetRef: { readonly name: string };
  readonly triggers: readonly {
    readonly type: string;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
}

/** KEDA with an object of its own, the definitions of Sealed Secrets and a password in its values. */
class Example extends ChartSystem {
  constructor(charts: Charts) {
    const provider = new kubernetes.Provider("cluster", {});
    super({ name: "example", layer: "cluster" }, { provider, namespace: pulumi.output("example"), charts });
    this.install("keda", {
      values: { operator: { replicaCount: 2 }, env: [{ name: "A", value: pulumi.secret("hidden") }] },
      rendering: {
        workloads: {
          "Deployment/keda-operator": { replicas: 2, containers: { "keda-operator": resources } },
          "Deployment/keda-admission-webhooks": false,
        },
      },
    });
    this.install("sealed-secrets", { values: {}, includeDefinitions: false });
    this.customResource<ScaledObject>("scaled", {
      kind: "keda.sh/v1alpha1/ScaledObject",
      name: "web",
      spec: { scaleTargetRef: { name: pulumi.output("web") }, triggers: [] },
    });
    this.openEdges({ from: [] });
  }
}

/** The engine's mark of a secret. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** What the system registers, charts among it, which are components of the provider's. */
async function run(charts: Charts): Promise<readonly Registered[]> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        const properties = inputs as Record<string, unknown>;
        if (type.startsWith("kubernetes:")) resources.push({ type, name, inputs: properties });
        return { id: `${name}-id`, state: properties };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "uap",
    "test",
    false,
  );
  new Example(charts);
  await pulumi.runtime.disconnect();
  return resources;
}

function find(all: readonly Registered[], type: string, name: string) {
  const found = all.find((resource) => resource.type === type && resource.name === name);
  assert.ok(found, `${type} ${name} is not among ${all.map((one) => `${one.type} ${one.name}`).join(", ")}`);
  return found.inputs as Record<string, Record<string, unknown> | undefined>;
}

const helmChart = "kubernetes:helm.sh/v4:Chart";

describe("a system of charts", () => {
  it("asks Helm for a chart of its publisher's repository", async () => {
    const inputs = find(await run({ source: "upstream" }), helmChart, "keda");
    const { chart, name, namespace, repositoryOpts, skipCrds, values, version } = inputs;
    assert.deepEqual(
      { chart, name, namespace, repositoryOpts, skipCrds, version },
      {
        chart: "keda",
        name: "keda",
        namespace: "example",
        repositoryOpts: { repo: "https://kedacore.github.io/charts" },
        skipCrds: false,
        version: "2.20.2",
      },
    );
    // With a secret in them, the values are secret as a whole.
    assert.deepEqual(Object.keys(values ?? {}), [secretMark, "value"]);
    assert.deepEqual(values?.value, { operator: { replicaCount: 2 }, env: [{ name: "A", value: "hidden" }] });
  });

  it("asks Helm for a chart of a mirror", async () => {
    const folder = find(await run({ source: "mirror", mirror: "./mirror" }), helmChart, "keda");
    assert.deepEqual([folder.chart, folder.version], ["mirror/keda-2.20.2.tgz", undefined]);
    const registry = find(
      await run({ source: "mirror", mirror: "oci://registry.example.org/charts/" }),
      helmChart,
      "keda",
    );
    assert.deepEqual(
      [registry.chart, registry.version, registry.repositoryOpts],
      ["oci://registry.example.org/charts/keda", "2.20.2", undefined],
    );
  });

  it("leaves definitions out that come from elsewhere", async () => {
    assert.equal(find(await run({ source: "upstream" }), helmChart, "sealed-secrets").skipCrds, true);
    const simulated = await run({ source: "facts" });
    const definitions = simulated.filter(({ type }) => type.endsWith(":CustomResourceDefinition"));
    assert.deepEqual(
      definitions
        .map(({ name }) => name.split(".").slice(-2).join("."))
        .filter((group) => group !== "keda.sh"),
      [],
    );
    assert.equal(definitions.length, 6);
  });

  it("stands in for a chart with what its values make of it", async () => {
    const simulated = await run({ source: "facts" });
    const operator = find(simulated, "kubernetes:apps/v1:Deployment", "keda-keda-operator");
    const spec = operator.spec as unknown as {
      replicas: number;
      template: { spec: { automountServiceAccountToken: boolean; containers: { resources: unknown }[] } };
    };
    assert.equal(spec.replicas, 2);
    assert.deepEqual(spec.template.spec.containers[0]?.resources, resources);
    assert.equal(spec.template.spec.automountServiceAccountToken, false);
    const deployments = simulated.filter(({ type }) => type.endsWith(":Deployment"));
    assert.ok(!deployments.some(({ name }) => name === "keda-keda-admission-webhooks"));
    for (const { inputs, type } of simulated) {
      if (!type.startsWith("kubernetes:") || /ScaledObject|NetworkPolicy/.test(type)) continue;
      const { annotations, labels } = inputs.metadata as Record<string, Record<string, string>>;
      assert.equal(annotations?.["uap.dev/simulated"], "true", type);
      assert.equal(labels?.["app.kubernetes.io/part-of"], "uap", type);
    }
  });

  it("keeps the house rules where it stands in for a chart", async () => {
    const all = await run({ source: "facts" });
    const objects = all.map(({ type, name, inputs }) => ({
      ...{ type, name, urn: `${type}::${name}`, properties: inputs },
      ...{ provider: {}, propertyDependencies: {} },
    }));
    assert.deepEqual(breaches(containerResources, objects), []);
    assert.deepEqual(breaches(pinnedImages, objects), []);
  });

  it("makes custom resources of the kinds that its charts define", async () => {
    const { apiVersion, kind, metadata, spec } = find(
      await run({ source: "facts" }),
      "kubernetes:keda.sh/v1alpha1:ScaledObject",
      "scaled",
    );
    assert.deepEqual([apiVersion, kind], ["keda.sh/v1alpha1", "ScaledObject"]);
    assert.deepEqual([metadata?.name, metadata?.namespace], ["web", "example"]);
    assert.deepEqual(spec, { scaleTargetRef: { name: "web" }, triggers: [] });
  });

  it("reads a kind with its group and version", () => {
    assert.deepEqual(readKind("keda.sh/v1alpha1/ScaledObject"), {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
    });
  });
});
