import ipaddr from "ipaddr.js";

import type { Complaint } from "./complaint.ts";
import { text } from "./complaint.ts";

/** Ranges in which nobody is reached over the Internet, as ipaddr.js names them. */
const neverPublic: readonly string[] = [
  "unspecified",
  "broadcast",
  "multicast",
  "linkLocal",
  "loopback",
  "carrierGradeNat",
  "private",
];

/** What keeps a text from being a public IPv4 address. */
export function complainAboutPublicAddress(value: string): Complaint | undefined {
  const [address = ""] = value.split("/");
  if (!ipaddr.IPv4.isValidFourPartDecimal(address))
    return { reason: "is not an IPv4 address.", fix: "Write it like 198.51.100.7." };
  if (neverPublic.includes(ipaddr.IPv4.parse(address).range()))
    return {
      reason: "cannot be reached over the Internet.",
      fix: "Give the public address of the site's router, as `curl -4 https://ifconfig.co` shows it there.",
    };
  return address === value
    ? undefined
    : { reason: "is a range, but a site has a single address.", suggestion: address };
}

/** A public IPv4 address. */
export const publicAddressSchema = text(complainAboutPublicAddress);
