import assert from "node:assert/strict";
import { sealedSecretsValues } from "../../../platform/cluster/sealed-secrets/sealed-secrets.ts";
import { assertChartValues, valueAt } from "../charts/chart-values.ts";
import { needsFacts } from "../charts/facts.ts";

describe("Sealed Secrets", () => {
  it("never makes a key of its own, and starts anew with a new one", () => {
    const values = sealedSecretsValues("sum");
    assert.equal(values.keyrenewperiod, "0");
    assert.equal(valueAt(values, "podAnnotations.uap\\.dev/checksum"), "sum");
  });

  it("has values that its chart knows", function () {
    assertChartValues(needsFacts(this), "sealed-secrets", sealedSecretsValues("sum"));
  });
});
