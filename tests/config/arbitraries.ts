import fc from "fast-check";

import type { Cidr } from "../../config/addresses.ts";

/** DNS labels, of one character up to the longest. */
export const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);

/** IPv4 ranges that begin at their own first address, with prefixes between two lengths. */
export function range(shortest: number, longest: number): fc.Arbitrary<Cidr> {
  return fc
    .record({ bits: fc.nat(0xff_ff_ff_ff), length: fc.integer({ min: shortest, max: longest }) })
    .map(({ bits, length }): Cidr => {
      const first = bits - (bits % 2 ** (32 - length));
      return `${dotted(first)}/${length}`;
    });
}

/** The first and the last address of a range, as numbers; worked out here again, so that the tests do not ask what they test. */
export function bounds(cidr: Cidr): [number, number] {
  const [address = "", length = ""] = cidr.split("/");
  const first = toNumber(address);
  return [first, first + 2 ** (32 - Number(length)) - 1];
}

/** An IPv4 address as a number. */
export function toNumber(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
