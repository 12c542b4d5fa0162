import ipaddr from "ipaddr.js";
import type { Cidr } from "../../config/addresses.ts";
import { contains } from "../../config/addresses.ts";

/** Zones that nodes take turns over. */
const zones = 3;

/**
 * The quarters of a private network, each a subnet in one zone: the first three in the region's first three zones, the last in the first
 * zone again. Since the subnet follows from the private address, and that from the node's name, no server ever moves.
 *
 * @throws RangeError when the range is too small to be split.
 */
export function zoneRanges(privateCidr: string): readonly Cidr[] {
  const [first, length] = ipaddr.parseCIDR(privateCidr);
  if (first.kind() !== "ipv4" || length > 26)
    throw new RangeError(`${privateCidr} cannot be split into four subnets of AWS.`);
  const start = first.toByteArray().reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - length - 2);
  return [0, 1, 2, 3].map((quarter): Cidr => `${dotted(start + quarter * size)}/${length + 2}`);
}

/** Which of {@link zoneRanges} holds the address. */
export function zoneOfAddress(privateCidr: string, address: string): number {
  const index = zoneRanges(privateCidr).findIndex((range) => contains(range, address));
  if (index < 0) throw new RangeError(`${address} is not in ${privateCidr}.`);
  return index;
}

/**
 * The range that a node's private address is allocated from at AWS, so that the nodes of a pool take turns over the zones: `<pool>-1` in the
 * first, `<pool>-2` in the second, and so on.
 */
export function zoneRangeOf(privateCidr: string, node: string): Cidr {
  const number = Number(/\d+$/.exec(node)?.[0] ?? 1);
  const quarters = zoneRanges(privateCidr).slice(0, zones);
  const range = quarters[(number - 1) % quarters.length];
  if (range === undefined) throw new RangeError(`${node} has no number.`);
  return range;
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}
