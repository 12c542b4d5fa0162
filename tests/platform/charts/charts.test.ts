import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { catalogue, rowOf, type SystemName } from "../../../platform/catalogue.ts";
import { lockedChart, lockedCharts, type ChartName } from "../../../platform/charts/lock.ts";
import { lockLocation, lockOf, lockText } from "../../../platform/charts/write-lock.ts";
import { isMovingTag, parseImageReference } from "../../../policy/image-reference.ts";
import { assertChartValues, unknownValues, refusedValues, valueAt } from "./chart-values.ts";
import { assertCustomResource, refusedFields } from "./custom-objects.ts";
import { factsOf, needsFacts } from "./facts.ts";
import { allPrograms } from "./programs.ts";

const names = Object.keys(lockedCharts) as ChartName[];
const rows = (Object.keys(catalogue) as SystemName[]).map((name) => ({ name, row: rowOf(name) }));

describe("the charts' lock", () => {
  it("says what the facts say (`node platform/charts/write-lock.ts <folder>` rewrites it)", function () {
    const folder = needsFacts(this);
    assert.equal(readFileSync(lockLocation, "utf8"), lockText(lockOf(folder)));
  });

  it("pins every image of the charts that are used", () => {
    const used = rows.flatMap(({ row }) => (row.planned ? [] : [...(row.charts ?? [])]));
    assert.ok(used.length > 0);
    for (const chart of used) {
      for (const image of lockedChart(chart).images) {
        const reference = parseImageReference(image);
        assert.ok(reference, `${chart}: ${image}`);
        const { digest, tag } = reference;
        assert.ok(digest !== undefined || (tag !== undefined && !isMovingTag(tag)), `${chart}: ${image}`);
      }
    }
  });

  it("knows the definition of every kind", () => {
    for (const chart of names) {
      const { definitions, kinds } = lockedChart(chart);
      for (const [kind, definition] of Object.entries(kinds)) assert.ok(definitions[definition], kind);
    }
  });
});

describe("the values that are set", () => {
  it("exist in the charts, and pass their schemas", async function () {
    const folder = needsFacts(this);
    const { charts } = await allPrograms();
    assert.ok(charts.length > 0);
    for (const { chart, values, where } of charts) {
      try {
        assertChartValues(folder, chart, values);
      } catch (error) {
        throw new Error(`${where}: ${String(error)}`, { cause: error });
      }
    }
  });

  it("are of the charts that their systems name", async () => {
    const used = new Set((await allPrograms()).charts.map(({ chart }) => chart));
    const named = new Set(rows.flatMap(({ row }) => (row.planned ? [] : [...(row.charts ?? [])])));
    assert.deepEqual([...used].sort(), [...named].sort());
  });

  it("switch off the hooks that a chart would run at its installation", async function () {
    const folder = needsFacts(this);
    for (const { chart, values, where } of (await allPrograms()).charts) {
      const { hooks } = factsOf(folder, chart);
      if (!hooks.some(({ hook }) => hook.includes("install"))) continue;
      const settings = hookSettings(folder, chart);
      assert.ok(settings.length > 0, `${chart} has hooks, and nothing is known that switches them off`);
      for (const [path, value] of settings)
        assert.deepEqual(
          valueAt(values, path),
          value,
          `${where}: ${chart} runs hooks unless ${path} is ${String(value)}`,
        );
    }
  });

  it("are told from mistakes", function () {
    const folder = needsFacts(this);
    assert.deepEqual(unknownValues(folder, "keda", { operator: { replicas: 2 } }), [
      "operator.replicas is no value of the chart keda",
    ]);
    assert.deepEqual(unknownValues(folder, "keda", { operator: { replicaCount: { of: 2 } } }), [
      "operator.replicaCount of the chart keda is 1 by default, not a map",
    ]);
    assert.deepEqual(unknownValues(folder, "keda", { additionalLabels: { any: "thing" } }), []);
    assert.deepEqual(refusedValues(folder, "cert-manager", {}), []);
    assert.match(
      refusedValues(folder, "cert-manager", { replicaCount: "two" }).join(),
      /^\/replicaCount must be number/,
    );
  });

  it("leave every schema content where nothing is set", function () {
    const folder = needsFacts(this);
    for (const chart of names) assert.deepEqual(refusedValues(folder, chart, {}), [], chart);
  });
});

/** Values that switch off hooks of a chart's installation, where its facts do not say so in a form that can be read. */
const furtherHookSettings: Partial<Record<ChartName, Readonly<Record<string, unknown>>>> = {
  airflow: { "migrateDatabaseJob.useHelmHooks": false, "createUserJob.useHelmHooks": false },
  flux2: { "prechecks.create": false },
  jupyterhub: { "prePuller.hook.enabled": false },
};

function hookSettings(folder: string, chart: ChartName): [string, unknown][] {
  const { hookFreeSettings, withoutHooks } = factsOf(folder, chart);
  const switches = (withoutHooks?.set ?? [])
    .filter((line) => line.endsWith("=false"))
    .map((line): [string, unknown] => [line.slice(0, line.indexOf("=")), false]);
  return [
    ...Object.entries(hookFreeSettings),
    ...switches,
    ...Object.entries(furtherHookSettings[chart] ?? {}),
  ];
}

describe("the custom resources that are made", () => {
  it("pass their definitions", async function () {
    const folder = needsFacts(this);
    for (const { object } of (await allPrograms()).objects) assertCustomResource(folder, object);
  });

  it("are told from mistakes", function () {
    const folder = needsFacts(this);
    for (const chart of names) {
      const defined = factsOf(folder, chart).examples.filter(
        ({ apiVersion, kind }) => `${apiVersion}/${kind}` in lockedChart(chart).kinds,
      );
      for (const example of defined) assertCustomResource(folder, example);
    }
    const object = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", metadata: { name: "one" } };
    assert.match(
      refusedFields(folder, { ...object, spec: { scaleTargetRef: { nam: "web" }, triggers: [] } }).join("\n"),
      /scaleTargetRef must have required property 'name'[^]*scaleTargetRef must NOT have additional properties.*nam/,
    );
  });
});
