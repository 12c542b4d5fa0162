import ipaddr from "ipaddr.js";

import type { Complaint } from "./complaint.ts";
import { text } from "./complaint.ts";

/** A range of addresses: its first address and the length of its prefix, IPv4 or IPv6. @example "10.42.0.0/16" */
export type Cidr = `${string}/${number}`;

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Ranges for private networks, by RFC 1918. */
export const rfc1918: readonly Cidr[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** The range that providers share, by RFC 6598. */
const shared: Cidr = "100.64.0.0/10";

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
  return [...rfc1918, shared].some((range) => contains(range, value))
    ? undefined
    : {
        reason: "is not a private IPv4 range, so it would hide real hosts of the Internet.",
        fix: `Take it from ${rfc1918.join(", ")} or ${shared}.`,
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
