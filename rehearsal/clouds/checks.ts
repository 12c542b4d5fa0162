/** Checks that several clouds make. */
import ipaddr from "ipaddr.js";
import { invalid } from "./cloud-error.ts";
import type { Values } from "./inventory.ts";
import { text } from "./inventory.ts";

/** @throws CloudError when the name of a server is not a host name. */
export function checkHostName(name: string): void {
  if (name.length > 63 || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name)) {
    throw invalid(
      `"${name}" is not a name for a server: use letters, digits and hyphens, at most 63 characters.`,
    );
  }
}

/** @throws CloudError when the value is not one of those that the cloud has. */
export function checkOneOf(what: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw invalid(`There is no ${what} "${value}".`);
}

/** @throws CloudError when the value does not look like those that the cloud has. */
export function checkPattern(what: string, value: string, pattern: RegExp): void {
  if (!pattern.test(value)) throw invalid(`There is no ${what} "${value}".`);
}

/** @throws CloudError when the user-data is larger than the cloud takes, in bytes. */
export function checkUserData(userData: string, limit: number): void {
  const size = Buffer.byteLength(userData);
  if (size > limit) {
    throw invalid(`The user-data has ${size} bytes, which is more than the limit of ${limit} bytes.`);
  }
}

/** @throws CloudError when it is not an address or a range. */
export function checkRange(range: string): void {
  if (!ipaddr.isValidCIDR(range) && !ipaddr.isValid(range)) {
    throw invalid(`"${range}" is not an address range.`);
  }
}

/** Whether the address is in the range; a range may be a single address. */
export function isInRange(address: string, range: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const [base, length] = ipaddr.isValidCIDR(range)
    ? ipaddr.parseCIDR(range)
    : ([ipaddr.parse(range), range.includes(":") ? 128 : 32] as const);
  const parsed = ipaddr.parse(address);
  return parsed.kind() === base.kind() && parsed.match(base, length);
}

/** Whether two ranges share an address. */
export function overlap(one: string, other: string): boolean {
  const base = (range: string) => range.split("/")[0] ?? range;
  return isInRange(base(one), other) || isInRange(base(other), one);
}

/** @throws CloudError when the public key is not one in OpenSSH's format. */
export function checkPublicKey(inputs: Values): void {
  if (
    !/^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/]+=*( .*)?$/.test(text(inputs, "publicKey").trim())
  ) {
    throw invalid("The public key is not one in OpenSSH's format.");
  }
}

/** First and last port of `80`, `80-90`, `all` or `any`; all ports when there is none. @throws CloudError */
export function portRange(range: string): { readonly from: number; readonly to: number } {
  if (range === "" || range === "all" || range === "any" || range === "0") return { from: 0, to: 65_535 };
  const [from = Number.NaN, to = from] = range.split(/[-:]/).map(Number);
  if (!(from >= 1 && from <= to && to <= 65_535)) throw invalid(`"${range}" is not a range of ports.`);
  return { from, to };
}

/** The full name of a record that is named below its zone; `@` is the zone itself. */
export function relativeRecord(name: string, zone: string): string {
  return name === "@" || name === "" ? zone : `${name}.${zone}`;
}

/** @throws CloudError when the time to live is shorter than the service allows, in seconds. */
export function checkTtl(inputs: Values, least: number): void {
  if (inputs.ttl !== undefined && Number(inputs.ttl) < least) {
    throw invalid(`The time to live of ${text(inputs, "ttl")} s is below the least, ${least} s.`);
  }
}
