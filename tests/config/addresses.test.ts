import assert from "node:assert/strict";

import fc from "fast-check";

import type { Cidr } from "../../config/addresses.ts";
import {
  complainAboutCidr,
  complainAboutPrivateCidr,
  contains,
  isWorld,
  overlaps,
} from "../../config/addresses.ts";
import { bounds, range } from "./arbitraries.ts";

describe("address ranges", () => {
  it("overlap exactly when they share an address", () => {
    fc.assert(
      fc.property(range(4, 32), range(4, 32), (left, right) => {
        const [leftFirst, leftLast] = bounds(left);
        const [rightFirst, rightLast] = bounds(right);
        assert.equal(overlaps(left, right), leftFirst <= rightLast && rightFirst <= leftLast);
        assert.equal(overlaps(left, right), overlaps(right, left));
      }),
    );
  });

  it("overlap the ranges inside them, which random pairs seldom are", () => {
    fc.assert(
      fc.property(range(8, 24), fc.nat(), fc.integer({ min: 0, max: 8 }), (outer, seed, deeper) => {
        const [first, last] = bounds(outer);
        const length = Number(outer.split("/")[1]) + deeper;
        const size = 2 ** (32 - length);
        const start = first + (seed % Math.floor((last - first + 1) / size)) * size;
        const inner: Cidr = `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".")}/${length}`;
        assert.ok(overlaps(outer, inner));
        assert.ok(contains(outer, inner));
        assert.equal(contains(inner, outer), deeper === 0);
      }),
    );
  });

  it("of different families share nothing", () => {
    assert.equal(overlaps("0.0.0.0/0", "::/0"), false);
    assert.equal(contains("::/0", "10.0.0.1"), false);
    assert.equal(overlaps("2001:db8::/32", "2001:db8:1::/48"), true);
  });

  it("stand for the whole Internet when they are very wide", () => {
    assert.deepEqual((["0.0.0.0/0", "0.0.0.0/1", "::/0", "2000::/3"] satisfies Cidr[]).map(isWorld), [
      true,
      true,
      true,
      true,
    ]);
    assert.deepEqual((["203.0.113.7/32", "10.0.0.0/8", "2001:db8::/32"] satisfies Cidr[]).map(isWorld), [
      false,
      false,
      false,
    ]);
  });

  it("are refused when they are malformed, with the range that was probably meant", () => {
    assert.equal(complainAboutCidr("203.0.113.7")?.suggestion, "203.0.113.7/32");
    assert.equal(complainAboutCidr("2001:db8::1")?.suggestion, "2001:db8::1/128");
    assert.equal(complainAboutCidr("10.43.1.0/16")?.suggestion, "10.43.0.0/16");
    assert.equal(complainAboutCidr("2001:db8::1/32")?.suggestion, "2001:db8::/32");
    for (const wrong of [
      "",
      "/",
      "10.0.0.0/33",
      "10.1/16",
      "10.0.0.0/-1",
      "10.0.0.0/8/8",
      "ten/8",
      "10.0.0.0/",
    ]) {
      assert.ok(complainAboutCidr(wrong), wrong);
    }
    assert.ok(complainAboutPrivateCidr("8.8.8.0/24"));
    assert.ok(complainAboutPrivateCidr("10.0.0.0/7"));
    assert.equal(complainAboutPrivateCidr("172.16.0.0/12"), undefined);
  });

  it("are accepted whenever they are well-formed", () => {
    fc.assert(
      fc.property(range(0, 32), (cidr) => {
        assert.equal(complainAboutCidr(cidr), undefined);
      }),
    );
  });
});
