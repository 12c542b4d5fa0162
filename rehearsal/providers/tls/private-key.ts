import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { resource } from "../protocol/resource.ts";
import { opensshPrivateKey, publicOutputs, publicPem } from "./openssh.ts";

const generate = promisify(generateKeyPair);

/** Curves by the names of NIST, and of OpenSSL. */
const curves = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" } as const;

const schema = z.object({
  algorithm: z.enum(["RSA", "ECDSA", "ED25519"]),
  rsaBits: z.int().min(1024).default(2048),
  ecdsaCurve: z.enum(["P224", "P256", "P384", "P521"]).default("P224"),
});

/** `PrivateKey`: a key pair in every format that the official provider offers. */
export const privateKey = resource({
  inputs: schema,
  computed: [
    "privateKeyOpenssh",
    "privateKeyPem",
    "privateKeyPemPkcs8",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
    "publicKeyOpenssh",
    "publicKeyPem",
  ],
  secret: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
  async create(inputs) {
    const key = await newKey(inputs);
    const publicKeyPem = publicPem(key);
    return {
      id: fingerprint(publicKeyPem),
      outputs: {
        privateKeyOpenssh: opensshPrivateKey(key),
        privateKeyPem: traditionalPem(key),
        privateKeyPemPkcs8: key.export({ type: "pkcs8", format: "pem" }).toString(),
        publicKeyPem,
        ...publicOutputs(key),
      },
    };
  },
});

async function newKey({ algorithm, rsaBits, ecdsaCurve }: z.output<typeof schema>): Promise<KeyObject> {
  switch (algorithm) {
    case "RSA":
      return (await generate("rsa", { modulusLength: rsaBits })).privateKey;
    case "ECDSA":
      return (await generate("ec", { namedCurve: curves[ecdsaCurve] })).privateKey;
    case "ED25519":
      return (await generate("ed25519")).privateKey;
  }
}

/** The format that each kind of key had before PKCS#8; Ed25519 is younger and has no other. */
function traditionalPem(key: KeyObject): string {
  const type = key.asymmetricKeyType === "rsa" ? "pkcs1" : key.asymmetricKeyType === "ec" ? "sec1" : "pkcs8";
  return key.export({ type, format: "pem" }).toString();
}

/** An id that names a text without telling it, as the official provider makes it. */
export function fingerprint(text: string): string {
  return createHash("sha1").update(text.trim()).digest("hex");
}
