import { createHash } from "node:crypto";

import ipaddr from "ipaddr.js";

import type { Complaint } from "./complaint.ts";
import { text } from "./complaint.ts";

/** A range of addresses: its first address and the length of its prefix, IPv4 or IPv6. @example "10.42.0.0/16" */
export type Cidr = `${string}/${number}`;

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Addresses that clouds keep for themselves: the first four and the last of a network (AWS keeps the most of all). */
const keptAtStart = 4;
const keptAtEnd = 1;

/** Whether two ranges share an address. Ranges of different families never do. */
export function overlaps(left: Cidr, right: Cidr): boolean {
  const [leftFirst, leftLength] = parse(left);
  const [rightFirst, rightLength] = parse(right);
  return (
    leftFirst.kind() === rightFirst.kind() && leftFirst.match(rightFirst, Math.min(leftLength, rightLength))
  );
}

/** Whether a range holds an address, or the whole of another range. */
export function contains(range: Cidr, inner: string): boolean {
  const [first, length] = parse(range);
  const [innerFirst, innerLength] = inner.includes("/")
    ? parse(inner as Cidr)
    : [ipaddr.parse(inner), Infinity];
  return first.kind() === innerFirst.kind() && length <= innerLength && innerFirst.match(first, length);
}

/** Whether a range is so wide that it stands for the whole Internet: shorter than /8 for IPv4 and than /16 for IPv6. */
export function isWorld(range: Cidr): boolean {
  const [first, length] = parse(range);
  return length < (first.kind() === "ipv4" ? 8 : 16);
}

/**
 * The address of a named thing in an IPv4 range: the hash of the name, so it is the same whatever else there is. When `taken` holds that
 * address, the next free one is used. The first four addresses and the last are left to the clouds.
 *
 * @throws RangeError when the range is not IPv4 or has no free address.
 */
export function allocateAddress(range: Cidr, name: string, taken: ReadonlySet<string> = new Set()): string {
  const { start, size } = usable(range);
  const wish = createHash("sha256").update(name).digest().readUInt32BE(0) % Math.max(size, 1);
  for (let step = 0; step < size; step++) {
    const address = toText(start + ((wish + step) % size));
    if (!taken.has(address)) return address;
  }
  throw new RangeError(`${range} has no free address for ${name}: its ${size} usable addresses are taken.`);
}

/**
 * The addresses of many names, none twice, whatever their order: they are served in alphabetical order.
 *
 * A name that has the address of its hash keeps it when other names go. When two names have the same hash, the later one is pushed
 * aside, and moves when the earlier one comes or goes; among ten names in a /16 that is met about once in 1,500 clusters, among a hundred once
 * in 13. Whoever has addresses that must not move (servers that exist) passes them to {@link allocateAddress} as `taken`.
 */
export function allocateAddresses(range: Cidr, names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const addresses = new Map<string, string>();
  for (const name of [...new Set(names)].sort()) {
    const address = allocateAddress(range, name, taken);
    taken.add(address);
    addresses.set(name, address);
  }
  return addresses;
}

/** How many addresses of an IPv4 range may be given to nodes. */
export function usableAddresses(range: Cidr): number {
  return usable(range).size;
}

function usable(range: Cidr): { start: number; size: number } {
  const [first, length] = parse(range);
  if (first.kind() !== "ipv4")
    throw new RangeError(`${range} is an IPv6 range; addresses are given out of IPv4 ranges only.`);
  return {
    start: toNumber(first) + keptAtStart,
    size: Math.max(0, 2 ** (32 - length) - keptAtStart - keptAtEnd),
  };
}

function toNumber(address: Address): number {
  return address.toByteArray().reduce((sum, octet) => sum * 256 + octet, 0);
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

function parse(range: Cidr): [Address, number] {
  return ipaddr.parseCIDR(range);
}

/** What keeps a text from being a CIDR, with the range that was probably meant. */
export function complainAboutCidr(value: string): Complaint | undefined {
  const form = "is not a CIDR: an address, a slash and the length of the prefix.";
  if (isAddress(value)) return { reason: form, suggestion: `${value}/${value.includes(":") ? 128 : 32}` };
  const [address = ""] = value.split("/");
  if (!isAddress(address) || !ipaddr.isValidCIDR(value))
    return { reason: form, fix: "Write it like 10.42.0.0/16." };
  const first = firstAddress(value as Cidr);
  return first === ipaddr.parse(address).toString()
    ? undefined
    : {
        reason: "does not begin at its own first address.",
        suggestion: `${first}/${value.split("/")[1] ?? ""}`,
      };
}

/** As a CIDR, and IPv4: the ranges inside a cluster. */
export function complainAboutPrivateCidr(value: string): Complaint | undefined {
  const complaint = complainAboutCidr(value);
  // The range of one address, which a bare address stands for elsewhere, is never meant here.
  if (complaint && isAddress(value)) return { reason: complaint.reason, fix: `Write it like ${value}/16.` };
  if (complaint) return complaint;
  const privateRanges: Cidr[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
  return privateRanges.some((range) => contains(range, value))
    ? undefined
    : {
        reason: "is not a private IPv4 range, so it would hide real hosts of the Internet.",
        fix: "Take it from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.",
      };
}

/** Of IPv4 only the four-part form: ipaddr.js would read `10.1` as 10.0.0.1. */
function isAddress(value: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(value) || ipaddr.IPv6.isValid(value);
}

function firstAddress(range: Cidr): string {
  const family = range.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  return family.networkAddressFromCIDR(range).toString();
}

/** A range of addresses of either family. */
export const cidrSchema = text<Cidr>(complainAboutCidr);
/** A private IPv4 range. */
export const privateCidrSchema = text<Cidr>(complainAboutPrivateCidr);
