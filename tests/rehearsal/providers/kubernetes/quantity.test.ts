import assert from "node:assert/strict";

import { parseQuantity, sameQuantity } from "../../../../rehearsal/providers/kubernetes/quantity.ts";

describe("A quantity", () => {
  it("is read with every suffix", () => {
    const expected = {
      "1": 1,
      "1500m": 1.5,
      "2k": 2000,
      "1Ki": 1024,
      "1.5Gi": 1.5 * 2 ** 30,
      "1e3": 1000,
      "5E": 5e18,
    };
    for (const [text, number] of Object.entries(expected)) assert.equal(parseQuantity(text), number, text);
  });

  it("is no quantity when it is other text", () => {
    for (const text of ["", "web", "1Gb", "10.43.0.1", "1 Gi", "m"])
      assert.equal(parseQuantity(text), undefined, text);
  });

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
