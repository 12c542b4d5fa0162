import assert from "node:assert/strict";
import { freeAddress, isPrivateRange, offsetIn, sizeOf } from "../../../rehearsal/clouds/kinds/addresses.ts";

describe("private addresses", () => {
  it("counts from the first address of the range", () => {
    assert.equal(offsetIn("10.20.0.0/16", "10.20.1.2"), 258);
    assert.equal(offsetIn("10.20.4.0/22", "10.20.7.255"), sizeOf("10.20.4.0/22") - 1);
    assert.ok(offsetIn("192.168.0.0/24", "192.167.255.255") < 0);
  });

  it("finds an address that nobody has, as long as there is one", () => {
    const taken: string[] = [];
    for (let count = 0; count < 509; count++) taken.push(freeAddress("192.168.0.0/23", 2, taken));
    assert.deepEqual(
      [taken[0], taken[253], taken[254], taken.at(-1)],
      ["192.168.0.2", "192.168.0.255", "192.168.1.0", "192.168.1.254"],
    );
    assert.equal(new Set(taken).size, taken.length);
    assert.throws(() => freeAddress("192.168.0.0/23", 2, taken), /192\.168\.0\.0\/23 has no address left/);
  });

  it("knows which ranges are for private networks", () => {
    const ranges = [
      "10.0.0.0/8",
      "172.31.0.0/16",
      "192.168.1.0/24",
      "172.32.0.0/16",
      "100.64.0.0/10",
      "fd00::/8",
    ];
    assert.deepEqual(ranges.map(isPrivateRange), [true, true, true, false, false, false]);
  });
});
