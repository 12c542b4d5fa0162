import assert from "node:assert/strict";

import fc from "fast-check";

import type { Cidr } from "../../config/addresses.ts";
import {
  allocateAddress,
  allocateAddresses,
  complainAboutCidr,
  complainAboutPrivateCidr,
  contains,
  isWorld,
  overlaps,
  usableAddresses,
} from "../../config/addresses.ts";
import { bounds, label, range, toNumber } from "./arbitraries.ts";

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

describe("addresses given by name", () => {
  const names = fc.uniqueArray(label, { minLength: 1, maxLength: 40 });

  it("lie in the range, are all different, and spare what clouds keep", () => {
    fc.assert(
      fc.property(range(8, 25), names, (cidr, list) => {
        const addresses = [...allocateAddresses(cidr, list).values()].map(toNumber);
        const [first, last] = bounds(cidr);
        assert.equal(new Set(addresses).size, list.length);
        assert.ok(addresses.every((address) => address >= first + 4 && address < last));
      }),
    );
  });

  it("do not depend on the order of the names", () => {
    fc.assert(
      fc.property(range(8, 25), names, (cidr, list) => {
        assert.deepEqual(allocateAddresses(cidr, list), allocateAddresses(cidr, list.toReversed()));
      }),
    );
  });

  it("stay when another name goes, unless the two wished for the same or a neighbouring address", () => {
    fc.assert(
      fc.property(names, fc.nat(), (list, seed) => {
        const cidr = "10.20.0.0/16";
        const gone = list[seed % list.length] ?? "";
        const rest = list.filter((name) => name !== gone);
        const before = allocateAddresses(cidr, list);
        const after = allocateAddresses(cidr, rest);
        for (const name of rest) {
          const ownAddress = allocateAddress(cidr, name);
          if (before.get(name) === ownAddress) assert.equal(after.get(name), ownAddress);
        }
      }),
    );
  });

  it("are the same on every machine and in every version", () => {
    assert.equal(allocateAddress("10.20.0.0/16", "master-1"), "10.20.225.8");
    assert.equal(allocateAddress("10.20.0.0/16", "worker-1", new Set(["10.20.0.9"])), "10.20.254.172");
  });

  it("fill a range to the last one, then say that it is full", () => {
    const cidr = "10.0.0.0/28";
    const list = Array.from({ length: usableAddresses(cidr) }, (_, index) => `node-${index}`);
    const addresses = allocateAddresses(cidr, list);
    assert.equal(new Set(addresses.values()).size, 11);
    assert.throws(
      () => allocateAddress(cidr, "late", new Set(addresses.values())),
      /no free address for late/,
    );
    assert.throws(() => allocateAddress("10.0.0.0/32", "node"), /no free address/);
    assert.throws(() => allocateAddress("2001:db8::/64", "node"), /IPv4 ranges only/);
  });
});
