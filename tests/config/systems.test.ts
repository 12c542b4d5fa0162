import assert from "node:assert/strict";

import { parseConfiguration } from "../../config/configuration.ts";
import { presets } from "../../config/presets.ts";
import type { Quantity } from "../../config/quantities.ts";
import type { Size, SystemRules } from "../../config/systems.ts";
import { catalogueMistakes } from "../../config/systems.ts";
import { refusal } from "./fixtures.ts";
import { systems } from "./systems-table.ts";

const existing = { cluster: { kind: "existing" } };
const platformOf = (platform: object) =>
  parseConfiguration({ ...existing, platform }, systems, { stack: "dev" }).platform;
const problemsOf = (platform: object, rules: SystemRules = systems) =>
  refusal({ ...existing, platform }, { stack: "dev" }, rules).problems.map(({ path }) => path);

describe("the systems of a stack", () => {
  it("have typed options", () => {
    const { kafka } = platformOf({ systems: { kafka: { storage: "1Gi" } } }).systems;
    const storage: Quantity | undefined = kafka?.storage;
    const size: Size | undefined = kafka?.size;
    assert.deepEqual([storage, size], ["1Gi", "small"]);
  });

  it("do not depend on the order of the user's lines", () => {
    const one = platformOf({ systems: { kibana: true, elasticsearch: true, kafka: true } });
    const other = platformOf({ systems: { kafka: true, elasticsearch: true, kibana: true } });
    assert.equal(JSON.stringify(one), JSON.stringify(other));
  });

  it("may be switched off even while they are planned only", () => {
    assert.deepEqual(platformOf({ preset: "data-platform", systems: { airflow: false } }).skipped, []);
  });

  it("may be switched off together with the systems that need them", () => {
    const { systems: on } = platformOf({
      preset: "data-platform",
      systems: { elasticsearch: false, kibana: false },
    });
    assert.ok(!on.elasticsearch && !on.kibana && on.kafka);
  });

  it("that exclude each other are told of once, whichever row says so", () => {
    assert.deepEqual(problemsOf({ systems: { "rook-ceph": true, longhorn: true } }), [
      "platform.systems.rook-ceph",
    ]);
    const oneSided = { a: { ...systems.kafka, conflicts: [] }, b: { ...systems.kafka, conflicts: ["a"] } };
    assert.deepEqual(problemsOf({ systems: { a: true, b: true } }, oneSided), ["platform.systems.b"]);
  });

  it("are not asked for what a mistyped preset might have brought", () => {
    assert.deepEqual(problemsOf({ preset: "warehouse", systems: { kibana: true } }), ["platform.preset"]);
  });
});

describe("the presets", () => {
  it("name no system twice", () => {
    for (const [name, list] of Object.entries(presets))
      assert.equal(new Set<string>(list).size, list.length, name);
  });

  it("are all within `everything`", () => {
    const everything = new Set<string>(presets.everything);
    for (const [name, list] of Object.entries(presets))
      assert.ok(
        list.every((system) => everything.has(system)),
        name,
      );
  });

  it("pass over names that the catalogue does not have", () => {
    assert.deepEqual(
      Object.keys(
        parseConfiguration(existing, { portal: systems.portal }, { stack: "dev" }).platform.systems,
      ),
      ["portal"],
    );
  });
});

describe("a catalogue", () => {
  it("is fine when every name exists and nothing built needs what is planned", () => {
    assert.deepEqual(catalogueMistakes(systems), []);
    const wrong = { a: { ...systems.kafka, needs: ["a", "b", "airflow"] }, airflow: systems.airflow };
    assert.deepEqual(catalogueMistakes(wrong), [
      "a names b, which is not in the catalogue",
      "a needs airflow, which is planned only",
      "a names itself",
    ]);
  });
});
