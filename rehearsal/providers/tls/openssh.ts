/** Keys in OpenSSH's formats, which Node does not write: RFC 4253 §6.6 and OpenSSH's PROTOCOL.key. */
import { createHash, createPublicKey, randomBytes, type JsonWebKey, type KeyObject } from "node:crypto";
import type { Properties } from "../protocol/provider.ts";

/** Elliptic curves as JSON Web Keys name them, and as OpenSSH does. P-224 is in neither. */
const curves: Readonly<Record<string, string>> = {
  "P-256": "nistp256",
  "P-384": "nistp384",
  "P-521": "nistp521",
};

/** The outputs that speak of the public key; empty where OpenSSH does not know such keys. */
export function publicOutputs(key: KeyObject): Properties {
  const parts = keyParts(key);
  if (parts === undefined) {
    return { publicKeyOpenssh: "", publicKeyFingerprintMd5: "", publicKeyFingerprintSha256: "" };
  }
  const blob = publicBlob(parts);
  const digest = (algorithm: string): Buffer => createHash(algorithm).update(blob).digest();
  return {
    publicKeyOpenssh: `${parts.type} ${blob.toString("base64")}\n`,
    publicKeyFingerprintMd5: digest("md5")
      .toString("hex")
      .replace(/(..)(?!$)/g, "$1:"),
    publicKeyFingerprintSha256: `SHA256:${digest("sha256").toString("base64").replace(/=+$/, "")}`,
  };
}

/** The private key without a passphrase, as PEM; empty where OpenSSH does not know such keys. */
export function opensshPrivateKey(key: KeyObject): string {
  const parts = keyParts(key);
  if (parts === undefined) return "";
  const check = randomBytes(4);
  const comment = text("");
  const secrets = Buffer.concat([check, check, text(parts.type), ...parts.privateFields, comment]);
  // Padded to the block size of "no cipher", 8, by 1, 2, 3, …
  const padding = Buffer.from(
    Array.from({ length: (8 - (secrets.length % 8)) % 8 }, (_, index) => index + 1),
  );
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    text("none"),
    text("none"),
    text(""),
    uint32(1),
    block(publicBlob(parts)),
    block(Buffer.concat([secrets, padding])),
  ]);
  const lines = body.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
}

/** A key taken apart into the fields of OpenSSH's formats, each already encoded. */
interface KeyParts {
  readonly type: string;
  readonly publicFields: readonly Buffer[];
  readonly privateFields: readonly Buffer[];
}

function keyParts(key: KeyObject): KeyParts | undefined {
  if (key.asymmetricKeyDetails?.namedCurve === "secp224r1") return undefined;
  const jwk = key.export({ format: "jwk" });
  if (jwk.kty === "RSA") return rsaParts(jwk);
  if (jwk.kty === "EC") return ecdsaParts(jwk);
  return ed25519Parts(jwk);
}

function rsaParts(jwk: JsonWebKey): KeyParts {
  const [n, e, d, qi, p, q] = (["n", "e", "d", "qi", "p", "q"] as const).map((name) =>
    number(field(jwk, name)),
  );
  return { type: "ssh-rsa", publicFields: some(e, n), privateFields: some(n, e, d, qi, p, q) };
}

function ecdsaParts(jwk: JsonWebKey): KeyParts {
  const curve = curves[jwk.crv ?? ""] ?? "";
  const point = Buffer.concat([Buffer.from([4]), field(jwk, "x"), field(jwk, "y")]);
  const publicFields = [text(curve), block(point)];
  return {
    type: `ecdsa-sha2-${curve}`,
    publicFields,
    privateFields: [...publicFields, number(field(jwk, "d"))],
  };
}

function ed25519Parts(jwk: JsonWebKey): KeyParts {
  const [point, seed] = [field(jwk, "x"), field(jwk, "d")];
  return {
    type: "ssh-ed25519",
    publicFields: [block(point)],
    privateFields: [block(point), block(Buffer.concat([seed, point]))],
  };
}

function publicBlob({ type, publicFields }: KeyParts): Buffer {
  return Buffer.concat([text(type), ...publicFields]);
}

function field(jwk: JsonWebKey, name: "n" | "e" | "d" | "p" | "q" | "qi" | "x" | "y"): Buffer {
  return Buffer.from(jwk[name] ?? "", "base64url");
}

function some(...fields: readonly (Buffer | undefined)[]): readonly Buffer[] {
  return fields.filter((part) => part !== undefined);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function block(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function text(value: string): Buffer {
  return block(Buffer.from(value));
}

/** A positive number of any size: no leading zero byte, except where the first bit would say "negative". */
function number(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Buffer.alloc(0) : bytes.subarray(start);
  return block((digits[0] ?? 0) < 0x80 ? digits : Buffer.concat([Buffer.from([0]), digits]));
}

/** The public key of a private one, as PEM. */
export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
}
