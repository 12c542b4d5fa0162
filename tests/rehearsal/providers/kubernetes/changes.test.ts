import assert from "node:assert/strict";
import fc from "fast-check";

import {
  changesBetween,
  contains,
  formatPath,
  parsePath,
  valueAt,
} from "../../../../rehearsal/providers/kubernetes/changes.ts";

describe("Changes between two values", () => {
  it("are found at the deepest paths", () => {
    const old = { spec: { replicas: 1, containers: [{ image: "a" }, { image: "b" }] }, gone: true };
    const now = { spec: { replicas: 2, containers: [{ image: "a" }] }, come: true };
    assert.deepEqual(
      changesBetween(old, now).map(({ path, kind }) => `${kind} ${formatPath(path)}`),
      ["update spec.replicas", "delete spec.containers[1]", "delete gone", "add come"],
    );
  });

  it("are none between equal values, whatever the order of keys", () => {
    assert.deepEqual(changesBetween({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] }), []);
  });

  it("name every difference and nothing else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (old, now) => {
        for (const { path } of changesBetween(old, now)) {
          assert.notDeepEqual(valueAt(old, path), valueAt(now, path));
        }
      }),
    );
  });
});

describe("A property path", () => {
  it("is written and read as Pulumi does", () => {
    const path = ["metadata", "annotations", "pulumi.com/waitFor", "x-y", 3];
    assert.equal(formatPath(path), 'metadata.annotations["pulumi.com/waitFor"].x-y[3]');
    assert.deepEqual(parsePath(formatPath(path)), path);
  });

  it("survives being written and read, for any keys", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ minLength: 1 }), fc.nat()), { minLength: 1 }), (path) => {
        assert.deepEqual(parsePath(formatPath(path)), path);
      }),
    );
  });

  it("is read from the API server's messages, with elements found by key as any element", () => {
    assert.deepEqual(parsePath('.spec.containers[name="web"].image'), ["spec", "containers", "*", "image"]);
    assert.deepEqual(parsePath("spec.ports[0].port"), ["spec", "ports", 0, "port"]);
  });

  it("contains what lies within it", () => {
    assert.equal(contains(["spec"], ["spec", "replicas"]), true);
    assert.equal(contains(["spec", "replicas"], ["spec"]), false);
    assert.equal(contains(["spec", "containers", "*"], ["spec", "containers", 1, "image"]), true);
  });
});
