import assert from "node:assert/strict";

import { labelsSchema, parseTaint, taintSchema } from "../../config/node-marks.ts";

describe("taints", () => {
  it("have a key, a value and an effect; the value may be missing", () => {
    assert.deepEqual(parseTaint("dedicated=pi:NoSchedule"), {
      key: "dedicated",
      value: "pi",
      effect: "NoSchedule",
    });
    assert.deepEqual(parseTaint("example.org/gpu:NoExecute"), {
      key: "example.org/gpu",
      value: "",
      effect: "NoExecute",
    });
  });

  it("are refused in other forms", () => {
    for (const wrong of [
      "",
      "dedicated",
      "dedicated=pi",
      "=pi:NoSchedule",
      "a=b:Never",
      "a b=c:NoSchedule",
      "a=b c:NoSchedule",
    ]) {
      assert.equal(taintSchema.safeParse(wrong).success, false, wrong);
    }
  });
});

describe("labels of nodes", () => {
  it("may be one's own, and the few of Kubernetes' that a node may give itself", () => {
    const labels = {
      disk: "fast",
      "example.org/disk": "",
      "topology.kubernetes.io/zone": "a",
      "node.kubernetes.io/x": "y",
    };
    assert.deepEqual(labelsSchema.parse(labels), labels);
  });

  it("may not be others of Kubernetes', nor malformed", () => {
    const wrong = [
      { "kubernetes.io/role": "sensor" },
      { "node-role.kubernetes.io/worker": "" },
      { "node-restriction.kubernetes.io/x": "" },
      { "app.k8s.io/x": "" },
      { "a/b/c": "" },
      { "-a": "" },
      { a: "-" },
      { a: "x".repeat(64) },
    ];
    for (const labels of wrong)
      assert.equal(labelsSchema.safeParse(labels).success, false, JSON.stringify(labels));
  });
});
