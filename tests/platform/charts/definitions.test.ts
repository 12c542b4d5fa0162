import assert from "node:assert/strict";
import pLimit from "p-limit";
import { catalogue, rowOf, type SystemName } from "../../../platform/catalogue.ts";
import { lockedChart, lockedCharts, type ChartName } from "../../../platform/charts/lock.ts";
import { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import type { RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import { startCluster, untilObject } from "../../rehearsal/kubernetes/cluster.ts";
import { readDefinition, type CustomObject } from "./custom-objects.ts";
import { factsFolder, factsOf, needsFacts } from "./facts.ts";
import { allPrograms } from "./programs.ts";

const charts = Object.keys(lockedCharts) as ChartName[];

/** The charts that the catalogue installs. */
const installed = (Object.keys(catalogue) as SystemName[]).flatMap((name): readonly ChartName[] => {
  const row = rowOf(name);
  return row.planned ? [] : (row.charts ?? []);
});
const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Established {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

describe("the real definitions of all charts that are installed, on a real API server", () => {
  let running: RunningKubernetes;
  let client: KubernetesClient;

  before(async function () {
    needsFacts(this);
    running = await startCluster(undefined, "definitions");
    client = new KubernetesClient(running.kubeconfig);
    // A few at a time: the API server publishes its schemas anew after each.
    const few = pLimit(8);
    await few.map([...(await definitions(factsFolder ?? ""))], ([name, body]) => install(name, body));
  });

  after(async () => {
    if (factsFolder === undefined) return;
    await client.close();
    await running.stop();
  });

  it("accept every custom resource of every stack and system", async () => {
    for (const { object, where } of (await allPrograms()).objects) await accepts(object, where);
  });

  it("accept the examples of the charts' facts, and refuse a field that they do not know", async () => {
    const examples = installed.flatMap((chart) =>
      factsOf(factsFolder ?? "", chart).examples.filter(
        ({ apiVersion, kind }) => `${apiVersion}/${kind}` in lockedChart(chart).kinds,
      ),
    );
    for (const example of examples) await accepts(example, "facts");
    const wrong = {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name: "wrong" },
      spec: { scaleTargetRef: { name: "web", nick: "w" }, triggers: [{ type: "cpu", metadata: {} }] },
    };
    await assert.rejects(dryRun(wrong), /spec\.scaleTargetRef\.nick: field not declared in schema/);
  });

  async function install(name: string, body: object): Promise<void> {
    // By apply: the cluster itself comes with one of Traefik's definitions, as k3s does.
    await client.request("PATCH", `${definitionsPath}/${name}`, {
      body,
      query: { fieldManager: "test", force: true },
      contentType: "application/apply-patch+yaml",
    });
    await untilObject<Established>(client, `${definitionsPath}/${name}`, ({ status }) =>
      (status?.conditions ?? []).some(
        (condition) => condition.type === "Established" && condition.status === "True",
      ),
    );
  }

  async function accepts(object: CustomObject, where: string): Promise<void> {
    await dryRun(object).catch((error: unknown) => {
      throw new Error(`${where}: ${object.kind} ${String(object.metadata.name)}: ${String(error)}`, {
        cause: error,
      });
    });
  }

  /** Asks whether the object would be taken, in a namespace that is there. */
  function dryRun(object: CustomObject): Promise<unknown> {
    const [group = "", version = ""] = object.apiVersion.split("/");
    const { definition } = definitionOf(object);
    const folder = definition.scope === "Namespaced" ? "namespaces/default/" : "";
    const path = `/apis/${group}/${version}/${folder}${definition.plural}/${String(object.metadata.name)}`;
    const metadata = { ...object.metadata, ...(folder !== "" && { namespace: "default" }) };
    return client.request("PATCH", path, {
      body: { ...object, metadata },
      query: { fieldManager: "test", dryRun: "All", fieldValidation: "Strict" },
      contentType: "application/apply-patch+yaml",
    });
  }
});

/** Definitions by name: those of the charts that are installed, and of every object that is made (k3s itself brings Traefik). */
async function definitions(folder: string): Promise<Map<string, object>> {
  const ofCharts = installed.flatMap((chart) =>
    Object.keys(lockedChart(chart).definitions).map((name) => ({ chart, name })),
  );
  const ofObjects = (await allPrograms()).objects.map(({ object }) => definitionOf(object));
  return new Map(
    [...ofCharts, ...ofObjects].map(({ chart, name }) => [
      name,
      withoutConversion(readDefinition(folder, chart, name)),
    ]),
  );
}

/** No operator runs here that could convert between versions. */
function withoutConversion(definition: ReturnType<typeof readDefinition>): object {
  const metadata = "metadata" in definition ? (definition.metadata as object) : {};
  return { ...definition, metadata, spec: { ...definition.spec, conversion: { strategy: "None" } } };
}

function definitionOf({ apiVersion, kind }: Pick<CustomObject, "apiVersion" | "kind">) {
  for (const chart of charts) {
    const { definitions: own, kinds } = lockedChart(chart);
    const name = kinds[`${apiVersion}/${kind}`] ?? "";
    const definition = own[name];
    if (definition) return { chart, name, definition };
  }
  throw new Error(`No pinned chart defines ${apiVersion}/${kind}.`);
}
