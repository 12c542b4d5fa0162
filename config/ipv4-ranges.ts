import ipaddr from "ipaddr.js";
import type { Cidr } from "./addresses.ts";

/** Length of a range's prefix, of either family. */
export function prefixLength(range: Cidr): number {
  return Number(range.slice(range.indexOf("/") + 1));
}

/** How many addresses an IPv4 range has. */
export function sizeOf(range: Cidr): number {
  return 2 ** (32 - prefixLength(range));
}

/**
 * One of the equal parts of an IPv4 range, in their order from 0 on.
 *
 * @param bits how much longer the parts' prefix is: two bits make quarters
 * @throws RangeError when there is no such part
 */
export function partOf(range: Cidr, bits: number, index: number): Cidr {
  const length = prefixLength(range) + bits;
  if (length > 32 || index >= 2 ** bits)
    throw new RangeError(`${range} has no part ${index} of ${2 ** bits}.`);
  return `${addressAt(range, index * 2 ** (32 - length))}/${length}`;
}

/**
 * The address that stands at an offset in an IPv4 range: 0 is its first.
 *
 * @throws RangeError when it is outside of the range
 */
export function addressAt(range: Cidr, offset: number): string {
  if (offset >= sizeOf(range)) throw new RangeError(`${range} has no address ${offset}.`);
  const bytes = ipaddr.IPv4.networkAddressFromCIDR(range).toByteArray();
  const number = Buffer.from(bytes).readUInt32BE() + offset;
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}
