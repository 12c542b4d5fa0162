import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, overlaps } from "../../config/addresses.ts";
import { addressAt, partOf, prefixLength, sizeOf } from "../../config/ipv4-ranges.ts";
import { bounds, range, toNumber } from "./arbitraries.ts";

describe("ranges of IPv4", () => {
  it("have the addresses from their first to their last, and no others", () => {
    fc.assert(
      fc.property(range(0, 32), fc.nat(0xff_ff_ff_ff), (cidr, seed) => {
        const [first, last] = bounds(cidr);
        assert.equal(sizeOf(cidr), last - first + 1);
        const offset = seed % sizeOf(cidr);
        assert.equal(toNumber(addressAt(cidr, offset)), first + offset);
        assert.throws(() => addressAt(cidr, sizeOf(cidr)), RangeError);
      }),
    );
  });

  it("are split into equal parts that share no address, in their order", () => {
    fc.assert(
      fc.property(range(0, 24), fc.integer({ min: 0, max: 8 }), fc.nat(), (cidr, bits, seed) => {
        const index = seed % 2 ** bits;
        const part = partOf(cidr, bits, index);
        assert.equal(prefixLength(part), prefixLength(cidr) + bits);
        assert.ok(contains(cidr, part));
        assert.equal(bounds(part)[0], bounds(cidr)[0] + index * sizeOf(part));
        if (index > 0) assert.equal(overlaps(part, partOf(cidr, bits, index - 1)), false);
        assert.throws(() => partOf(cidr, bits, 2 ** bits), RangeError);
      }),
    );
    assert.throws(() => partOf("10.0.0.0/30", 3, 0), RangeError);
  });
});
