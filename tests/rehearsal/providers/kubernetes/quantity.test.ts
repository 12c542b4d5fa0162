import assert from "node:assert/strict";

import { sameQuantity } from "../../../../rehearsal/providers/kubernetes/quantity.ts";

describe("A quantity", () => {
  it("is the same, however written", () => {
    const same = [
      ["1", "1000m"],
      ["0.1", "100m"],
      ["1Gi", "1024Mi"],
      [1, "1"],
      ["1k", "1e3"],
    ];
    for (const [one, other] of same) assert.ok(sameQuantity(one, other), `${String(one)} ${String(other)}`);
    assert.ok(!sameQuantity("1", "1001m"));
    assert.ok(!sameQuantity("web", "web"));
  });
});
