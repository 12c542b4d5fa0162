import assert from "node:assert/strict";

import { ConfigurationError } from "../../config/problems.ts";
import { parseConfiguration } from "../../config/configuration.ts";
import { selectClasses } from "../../config/storage-classes.ts";
import { systems } from "./systems-table.ts";

function classesOf(on: Readonly<Record<string, unknown>>, storage: Readonly<Record<string, unknown>> = {}) {
  const raw = { cluster: { kind: "existing" }, storage, platform: { systems: on } };
  return parseConfiguration(raw, systems, { stack: "dev" }).storage;
}

describe("storage roles", () => {
  it("are played by k3s' local-path where nothing else is on, and nothing is shared then", () => {
    const { classes } = selectClasses({ others: [] }, ["local-path"]);
    assert.deepEqual(classes, { block: "local-path", local: "local-path" });
  });

  it("are left to the default class of a cluster that was there before, unless a system of the stack plays them", () => {
    assert.deepEqual(classesOf({}), {});
    assert.deepEqual(classesOf({ longhorn: true }), { block: "longhorn", shared: "longhorn" });
    assert.deepEqual(classesOf({}, { block: "local-path" }), { block: "local-path" });
  });

  it("follow from the systems that are on: Rook Ceph before Longhorn before NFS before local-path", () => {
    const all = ["local-path", "nfs", "longhorn", "rook-ceph"];
    const classes = (on: readonly string[]) => selectClasses({ others: [] }, on).classes;
    assert.deepEqual(classes(all), {
      block: "rook-ceph-block",
      shared: "rook-ceph-clusterfs",
      local: "local-path",
    });
    assert.deepEqual(classes(all.slice(0, 3)), {
      block: "longhorn",
      shared: "longhorn",
      local: "local-path",
    });
    assert.deepEqual(classes(all.slice(0, 2)), { block: "local-path", shared: "nfs", local: "local-path" });
  });

  it("are played by the class that the stack names, one role at a time", () => {
    assert.deepEqual(classesOf({ "rook-ceph": true }, { block: "local-path" }), {
      block: "local-path",
      shared: "rook-ceph-clusterfs",
    });
  });

  it("may be played by a class that the cluster has already", () => {
    const classes = classesOf({ "local-path": false }, { block: "standard", others: ["standard"] });
    assert.deepEqual(classes, { block: "standard" });
  });

  it("are not judged where nobody can say which systems are on", () => {
    const raw = {
      cluster: { kind: "existing" },
      storage: { block: "longhorn" },
      platform: { preset: "everywhere-else" },
    };
    let told: unknown;
    try {
      parseConfiguration(raw, systems, { stack: "dev" });
    } catch (error) {
      told = error;
    }
    assert.ok(told instanceof ConfigurationError);
    assert.deepEqual(
      told.problems.map(({ path }) => path),
      ["platform.preset"],
    );
  });
});
