import assert from "node:assert/strict";

import { waitForRule } from "../../../../rehearsal/providers/kubernetes/readiness/wait-for.ts";
import type { Properties } from "../../../../rehearsal/providers/protocol/provider.ts";

describe("The annotation pulumi.com/waitFor", () => {
  const check = (expression: string, object: Properties): string => {
    const rule = waitForRule({ metadata: { annotations: { "pulumi.com/waitFor": expression } } });
    const result = rule?.assess({ apiVersion: "v1", kind: "Any", metadata: { name: "any" }, ...object });
    return result === undefined || result.state === "ready" ? "ready" : result.reason;
  };
  const conditions = [{ type: "Ready", status: "False", reason: "Starting" }];

  it("waits for a value, or for any value", () => {
    assert.equal(check("jsonpath={.status.phase}=Running", { status: { phase: "Running" } }), "ready");
    assert.equal(
      check("jsonpath={.status.phase}=Running", { status: { phase: "Pending" } }),
      ".status.phase is Pending, not Running",
    );
    assert.equal(check("jsonpath={.status.phase}", { status: { phase: "Pending" } }), "ready");
    assert.equal(check("jsonpath={.status.phase}", {}), ".status.phase is not set");
    assert.equal(
      check("jsonpath={.status.items[?(@.a == 1)].b}=2", { status: { items: [{ a: 1, b: 2 }] } }),
      "ready",
    );
  });

  it("waits for a condition", () => {
    assert.equal(check("condition=Ready=False", { status: { conditions } }), "ready");
    assert.equal(
      check("condition=Ready", { status: { conditions } }),
      "condition Ready is not True (Starting)",
    );
    assert.equal(check("condition=Synced", {}), "condition Synced is not True (it has no such condition)");
  });

  it("waits for all expressions of a list", () => {
    const list = JSON.stringify(["jsonpath={.status.phase}", "condition=Ready"]);
    assert.equal(
      check(list, { status: { phase: "x", conditions } }),
      "condition Ready is not True (Starting)",
    );
    assert.equal(
      check(list, { status: { phase: "x", conditions: [{ type: "Ready", status: "True" }] } }),
      "ready",
    );
  });

  it("says what it does not understand", () => {
    assert.throws(() => check("phase", {}), /begin with "jsonpath="/);
    assert.throws(() => check("jsonpath=.status", {}), /stand in braces/);
    assert.throws(() => check("jsonpath={.status}=", {}), /no value after the equals sign/);
    assert.throws(() => check("jsonpath={.status[}", {}), /is not understood/);
    assert.throws(() => check("[]", {}), /at least one expression/);
  });
});
