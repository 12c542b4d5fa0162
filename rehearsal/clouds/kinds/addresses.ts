/** Private addresses, as numbers in their ranges. */
import ipaddr from "ipaddr.js";

/** Where an IPv4 address stands in its range: 0 is the first one. */
export function offsetIn(range: string, address: string): number {
  return numberOf(address) - numberOf(ipaddr.IPv4.networkAddressFromCIDR(range).toString());
}

/** How many addresses a range of IPv4 has. */
export function sizeOf(range: string): number {
  return 2 ** (32 - Number(range.split("/")[1]));
}

/**
 * The first address of a range that nobody has.
 *
 * @param first the least offset; what is before it belongs to the cloud.
 */
export function freeAddress(range: string, first: number, taken: readonly string[]): string {
  for (let offset = first; offset < sizeOf(range) - 1; offset++) {
    const address = addressAt(range, offset);
    if (!taken.includes(address)) return address;
  }
  throw new RangeError(`The range ${range} has no address left.`);
}

/** The address that stands at an offset in a range: 0 is the first one. */
export function addressAt(range: string, offset: number): string {
  return addressOf(numberOf(ipaddr.IPv4.networkAddressFromCIDR(range).toString()) + offset);
}

/** Whether a range of IPv4 is for private networks (RFC 1918). */
export function isPrivateRange(range: string): boolean {
  return ipaddr.IPv4.isValidCIDR(range) && ipaddr.IPv4.parseCIDR(range)[0].range() === "private";
}

function numberOf(address: string): number {
  return ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}
