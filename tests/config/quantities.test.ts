import assert from "node:assert/strict";

import fc from "fast-check";

import {
  cpuSchema,
  durationSchema,
  formatCpu,
  formatDuration,
  formatQuantity,
  parseCpu,
  parseDuration,
  parseQuantity,
  quantitySchema,
} from "../../config/quantities.ts";

describe("quantities", () => {
  it("come back the same after writing and reading, in whole Ki", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), (kibibytes) => {
        const bytes = kibibytes * 1024;
        assert.equal(parseQuantity(formatQuantity(bytes)), bytes);
      }),
    );
  });

  it("are never written smaller than they are", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 45), (bytes) => {
        const written = parseQuantity(formatQuantity(bytes));
        assert.ok(bytes <= written && written < bytes + 1024);
      }),
    );
  });

  it("are written in the largest unit that needs no fraction", () => {
    const written = [0, 1, 1024, 1536 * 1024, 2 ** 30, 10 * 2 ** 30, 2 ** 40, 1.5 * 2 ** 40].map(
      formatQuantity,
    );
    assert.deepEqual(written, ["0Ki", "1Ki", "1Ki", "1536Ki", "1Gi", "10Gi", "1Ti", "1536Gi"]);
  });

  it("may have a fraction", () => {
    assert.equal(parseQuantity("1.5Gi"), 1536 * 2 ** 20);
    assert.equal(parseQuantity("0.0001Ki"), 1);
  });

  it("are refused without a binary unit", () => {
    for (const wrong of ["", "10", "10G", "10 Gi", "-1Gi", "1e3Gi", "Gi", "0Gi"]) {
      assert.equal(quantitySchema.safeParse(wrong).success, false, wrong);
    }
    assert.throws(() => parseQuantity("10 Gi"), /not a size/);
  });
});

describe("processor time", () => {
  it("comes back the same after writing and reading", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (millicores) => {
        assert.equal(parseCpu(formatCpu(millicores)), millicores);
      }),
    );
  });

  it("is read from cores, decimals, thousandths and YAML's numbers", () => {
    assert.deepEqual(
      ["2", "0.5", "250m"].map((cpu) => parseCpu(cpuSchema.parse(cpu))),
      [2000, 500, 250],
    );
    assert.equal(cpuSchema.parse(4), "4");
    assert.equal(formatCpu(1500), "1500m");
    assert.equal(formatCpu(0.2), "1m");
  });

  it("is refused when it is none or malformed", () => {
    for (const wrong of ["0", "0m", 0, -1, "1,5", "two", "", true, "0.0001"]) {
      assert.equal(cpuSchema.safeParse(wrong).success, false, String(wrong));
    }
  });
});

describe("durations", () => {
  it("come back the same after writing and reading", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (seconds) => {
        assert.equal(parseDuration(formatDuration(seconds)), seconds);
      }),
    );
  });

  it("are written in the largest unit that needs no fraction", () => {
    assert.deepEqual([0, 90, 120, 7200, 86_400, 0.5].map(formatDuration), [
      "0s",
      "90s",
      "2m",
      "2h",
      "1d",
      "1s",
    ]);
  });

  it("are refused without a unit", () => {
    for (const wrong of ["", "10", "10 m", "1.5h", "1w", "-1s"]) {
      assert.equal(durationSchema.safeParse(wrong).success, false, wrong);
    }
  });
});
