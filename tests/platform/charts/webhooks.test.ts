import assert from "node:assert/strict";
import { lockedCharts, type ChartName } from "../../../platform/charts/lock.ts";
import { Graph } from "../../support/graph.ts";
import { runProgram } from "../../support/mock-engine.ts";
import { everyConfiguration } from "../../support/programs.ts";
import { revealed } from "../../support/revealed.ts";
import { valueAt } from "./chart-values.ts";

const waitFor = { "pulumi.com/waitFor": "jsonpath={.webhooks[*].clientConfig.caBundle}" };

interface Program {
  readonly where: string;
  readonly graph: Graph;
}

/**
 * Why objects that come right after a chart are not refused by its webhook, which answers some time after its pods are ready: Pulumi's
 * provider does not ask twice.
 */
const safety: Readonly<Partial<Record<ChartName, (values: unknown, program: Program) => readonly string[]>>> =
  {
    // Its injector writes the authority: the chart is not there before that.
    "cert-manager": (values) =>
      ["validating", "mutating"].flatMap((kind) =>
        isEqual(valueAt(values, `webhook.${kind}WebhookConfigurationAnnotations`), waitFor)
          ? []
          : [`the ${kind} webhook of cert-manager is not waited for`],
      ),
    "istio-base": (_values, program) => unjudged(program),
    istiod: (_values, program) => unjudged(program),
    // The chart's own default lets objects pass that nobody judges.
    keda: (values) =>
      valueAt(values, "webhooks.failurePolicy") === undefined ? [] : ["KEDA's webhook is not waited for"],
    "kube-prometheus-stack": (values) => off(values, "prometheusOperator.admissionWebhooks.enabled"),
    openbao: (values) => off(values, "injector.enabled"),
  };

function off(values: unknown, path: string): string[] {
  return valueAt(values, path) === false ? [] : [`${path} is not false`];
}

/** The objects of Istio's kinds that are made before istiod judges them. */
function unjudged({ graph }: Program): string[] {
  const judge = graph.resources.find(
    ({ name, type }) =>
      type.endsWith(":ValidatingWebhookConfigurationPatch") && name === "istiod-default-validator",
  );
  assert.deepEqual(valueAt(judge?.inputs, "metadata.annotations"), waitFor);
  return graph.objects
    .filter(({ object }) => object.apiVersion.includes(".istio.io/"))
    .filter(({ resource }) => !judge || !graph.waitsFor(resource, judge))
    .map(({ resource }) => `${resource.name} does not wait for istiod's webhook`);
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

describe("the webhooks of the charts that are installed", () => {
  it("can judge objects before any is made that they refuse otherwise", async () => {
    const seen = new Set<ChartName>();
    const wrong = new Set<string>();
    for (const { config, stack, where } of await everyConfiguration(["large"])) {
      const { resources } = await runProgram(stack, config);
      const program = { where, graph: new Graph(resources) };
      for (const { inputs, name, type } of resources) {
        const chart = name as ChartName;
        if (type !== "kubernetes:helm.sh/v4:Chart" || lockedCharts[chart].webhooks.length === 0) continue;
        seen.add(chart);
        const why = safety[chart];
        const found = why
          ? why(revealed(inputs.values ?? {}), program)
          : ["how are its webhooks waited for? Say it in this test."];
        for (const line of found) wrong.add(`${chart}, in ${where}: ${line}`);
      }
    }
    assert.deepEqual([...wrong], []);
    assert.deepEqual([...seen].sort(), Object.keys(safety).sort());
  }).timeout(60_000);
});
