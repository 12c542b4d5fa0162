import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { lockedCharts } from "../../platform/charts/lock.ts";
import { listStacks } from "../../rehearsal/engine/stacks.ts";
import { runProgram, type MockRun } from "../support/mock-engine.ts";
import { matchesSnapshot } from "../support/snapshot.ts";

const project = join(import.meta.dirname, "..", "..");

async function runStack(stack: string): Promise<MockRun> {
  const file = await readFile(join(project, `Pulumi.${stack}.yaml`), "utf8");
  return runProgram(stack, (parse(file) as { config: Record<string, unknown> }).config);
}

/** Every resource with its inputs, sorted, so that the order of registration does not matter. */
function graphOf({ resources }: MockRun): string {
  const sorted = [...resources].sort((a, b) => `${a.type} ${a.name}`.localeCompare(`${b.type} ${b.name}`));
  return stringify(
    sorted.map(({ type, name, inputs }) => ({ [`${type} ${name}`]: abridged(inputs) })),
    { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false },
  );
}

/** Long texts by their length alone: user-data and the like have snapshots of their own. */
function abridged(value: unknown): unknown {
  if (typeof value === "string") return value.length > 2000 ? `a text of ${value.length} characters` : value;
  if (Array.isArray(value)) return value.map(abridged);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, abridged(inner)]));
}

/** Kubernetes' own kinds without namespace, as far as the program has any. */
const clusterWide =
  /:(Namespace|ClusterRole|ClusterRoleBinding|IngressClass|StorageClass|RuntimeClass|PriorityClass|PersistentVolume)$/;

/** Whether objects of a type, such as `kubernetes:cert-manager.io/v1:ClusterIssuer`, have no namespace. */
function isClusterWide(type: string): boolean {
  const kind = type.replace(/^kubernetes:/, "").replace(/:(\w+)$/, "/$1");
  const definitions = Object.values(lockedCharts).flatMap(({ definitions: all, kinds }) => {
    const name = kinds[kind];
    return name === undefined ? [] : [all[name]];
  });
  return clusterWide.test(type) || definitions.some((definition) => definition?.scope === "Cluster");
}

for (const stack of await listStacks()) {
  describe(`the stack ${stack}`, () => {
    let run: MockRun;
    before(async () => {
      run = await runStack(stack);
    });

    it("registers the resources of its snapshot", () =>
      matchesSnapshot(`stacks/${stack}.yaml`, graphOf(run)));

    it("registers the same resources every time", async () => {
      assert.equal(graphOf(await runStack(stack)), graphOf(run));
    });

    it("gives every Kubernetes object a namespace and the platform's label", () => {
      const objects = run.resources.filter(({ type }) => /^kubernetes:(?!apiextensions|helm).*\//.test(type));
      for (const { type, name, inputs } of objects) {
        const metadata = inputs.metadata as { namespace?: string; labels?: Record<string, string> };
        if (!isClusterWide(type)) assert.ok(metadata.namespace, `${type} ${name} has no namespace`);
        // A node is the cluster's: what the platform adds to it makes it no part of the platform.
        if (type.endsWith("Patch")) continue;
        assert.equal(metadata.labels?.["app.kubernetes.io/part-of"], "uap", `${type} ${name}`);
      }
      assert.ok(objects.length > 0);
    });

    it("tells its addresses, its accounts, its price and how it fits", () => {
      const charts = run.resources.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
      const withChart = (chart: string, output: string): string[] =>
        charts.some(({ name }) => name === chart) ? [output] : [];
      assert.deepEqual(Object.keys(run.outputs).sort(), [
        "cost",
        "credentials",
        "fit",
        "kubeconfig",
        "nodes",
        ...withChart("seaweedfs", "objectStore"),
        ...withChart("sealed-secrets", "sealingCertificate"),
        ...(stack === "local" ? [] : ["sshKey"]),
        "urls",
        "userKubeconfigs",
      ]);
    });
  });
}

describe("the program", () => {
  it("creates nothing when the systems do not fit", async () => {
    const tiny = { kind: "existing", nodes: { count: 1, cpu: "100m", memory: "512Mi", disk: "1Gi" } };
    await assert.rejects(
      runProgram("local", { "uap:cluster": tiny, "uap:platform": { preset: "minimal" } }),
      /uap:platform\.systems\n\s+do not fit on the cluster \(nodes: 1\): CPU is short by 0.15 cores/,
    );
  });

  it("publishes nothing on a cluster without ingress", async () => {
    const { outputs, resources } = await runProgram("local", {
      "uap:cluster": { kind: "existing", ingress: "none" },
      "uap:platform": { preset: "minimal" },
    });
    assert.deepEqual(outputs.urls, {});
    assert.ok(!resources.some(({ type }) => type.includes("Ingress")));
  });
});
