/** Ids and addresses: they look like each cloud's own, and follow from the folder and the resource's number. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";

/** 64 hexadecimal digits for one resource of one folder. */
export function digitsOf(folder: string, serial: number): string {
  return createHash("sha256")
    .update(`${resolve(folder)}\n${serial}`)
    .digest("hex");
}

/** An UUID of the digits. */
export function uuid(digits: string): string {
  const part = (from: number, to: number) => digits.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-a${part(17, 20)}-${part(20, 32)}`;
}

/** An address in 127.16.0.0/12: no two resources share one, and the embedded clusters' own ones are elsewhere. */
export function loopbackAddress(
  folder: string,
  serial: number,
  isTaken: (address: string) => boolean,
): string {
  for (let attempt = 0; ; attempt++) {
    const bytes = createHash("sha256")
      .update(`${resolve(folder)}\n${serial}\n${attempt}`)
      .digest();
    const [first = 0, second = 0, third = 0] = bytes;
    const address = `127.${16 + (first % 16)}.${second}.${1 + (third % 254)}`;
    if (!isTaken(address)) return address;
  }
}

/** The fingerprint of a public key in OpenSSH's format, as clouds show it: MD5 in pairs. */
export function keyFingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.trim().split(/\s+/)[1] ?? "", "base64");
  const digest = createHash("md5").update(blob).digest("hex");
  return digest.match(/../g)?.join(":") ?? digest;
}
