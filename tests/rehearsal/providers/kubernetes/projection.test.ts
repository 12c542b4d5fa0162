import assert from "node:assert/strict";

import { projectedInputs } from "../../../../rehearsal/providers/kubernetes/projection.ts";

const object = (spec: unknown, rest = {}) => ({
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name: "x" },
  spec,
  ...rest,
});

/** What a refresh makes of a spec. */
const refreshed = (old: unknown, live: unknown) => projectedInputs(object(old), object(live)).spec;

describe("A refreshed object's inputs", () => {
  it("leave out what the server and others have added", () => {
    assert.deepEqual(refreshed({ replicas: 1 }, { replicas: 1, strategy: "default" }), { replicas: 1 });
  });

  it("show what was changed or removed", () => {
    assert.deepEqual(refreshed({ a: 1, b: 2 }, { a: 3 }), { a: 3 });
  });

  it("keep the program's spelling of a quantity, and its empty values", () => {
    assert.deepEqual(refreshed({ cpu: "1000m", args: [] }, { cpu: "1" }), { cpu: "1000m", args: [] });
    assert.deepEqual(refreshed({ cpu: "1000m" }, { cpu: "2" }), { cpu: "2" });
  });

  it("take data to the letter", () => {
    const config = (data: unknown) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x" },
      data,
    });
    assert.deepEqual(projectedInputs(config({ cpu: "1000m" }), config({ cpu: "1" })).data, { cpu: "1" });
  });

  it("find the elements of a list again by name or port, in whatever order, with whatever was injected", () => {
    const old = [
      { name: "web", image: "a" },
      { name: "log", image: "b" },
    ];
    const live = [
      { name: "mesh", image: "m" },
      { name: "log", image: "b" },
      { name: "web", image: "c", tty: false },
    ];
    assert.deepEqual(refreshed(old, live), [
      { name: "web", image: "c" },
      { name: "log", image: "b" },
    ]);
    assert.deepEqual(refreshed([{ containerPort: 80 }], [{ containerPort: 80, protocol: "TCP" }]), [
      { containerPort: 80 },
    ]);
    assert.deepEqual(refreshed(old, [live[1]]), [{ name: "log", image: "b" }]);
  });

  it("take no offence at a sorted set", () => {
    assert.deepEqual(refreshed(["b", "a"], ["a", "b"]), ["b", "a"]);
    assert.deepEqual(refreshed(["b", "a"], ["a", "c"]), ["a", "c"]);
  });

  it("show a Secret's content as the program gave it", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } };
    const live = { ...secret, data: { a: "YQ==", other: "eA==" } };
    assert.deepEqual(projectedInputs({ ...secret, stringData: { a: "a" } }, live).stringData, { a: "a" });
    assert.deepEqual(projectedInputs({ ...secret, stringData: { a: "old" } }, live).stringData, {
      a: "a",
    });
  });
});
