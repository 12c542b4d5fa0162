/** Private keys as the certificate library takes them. */
import { createPrivateKey, createPublicKey, webcrypto, type KeyObject } from "node:crypto";

/** What the provider calls the kinds of keys. */
export type KeyAlgorithm = "RSA" | "ECDSA" | "ED25519";

/** A private key ready to sign. */
export interface SigningKey {
  readonly algorithm: KeyAlgorithm;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly signing: webcrypto.EcdsaParams | webcrypto.Algorithm;
}

/** Curves that certificates can be made with, and the hash that goes with the size of each. */
const curves: Readonly<Record<string, { readonly namedCurve: string; readonly hash: string }>> = {
  prime256v1: { namedCurve: "P-256", hash: "SHA-256" },
  secp384r1: { namedCurve: "P-384", hash: "SHA-384" },
  secp521r1: { namedCurve: "P-521", hash: "SHA-512" },
};

/**
 * Reads a private key.
 *
 * @param pem PKCS#1, SEC 1 or PKCS#8.
 * @param property Name of the input that it comes from, for errors.
 */
export async function signingKey(pem: string, property: string): Promise<SigningKey> {
  const key = readPrivateKey(pem, property);
  const { algorithm, parameters, signing } = algorithms(key, property);
  const { subtle } = webcrypto;
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey("pkcs8", key.export({ type: "pkcs8", format: "der" }), parameters, true, ["sign"]),
    subtle.importKey("spki", createPublicKey(key).export({ type: "spki", format: "der" }), parameters, true, [
      "verify",
    ]),
  ]);
  return { algorithm, keys: { privateKey, publicKey }, signing };
}

function readPrivateKey(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's message would quote nothing useful, and the key itself must not appear.
    throw new Error(
      `${property} is not a private key in PEM format (PKCS#1, SEC 1 or PKCS#8, without a passphrase).`,
    );
  }
}

function algorithms(
  key: KeyObject,
  property: string,
): Pick<SigningKey, "algorithm" | "signing"> & { readonly parameters: webcrypto.Algorithm } {
  const type = key.asymmetricKeyType;
  if (type === "rsa") {
    const parameters = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    return { algorithm: "RSA", parameters, signing: parameters };
  }
  if (type === "ec") {
    const curve = curves[key.asymmetricKeyDetails?.namedCurve ?? ""];
    if (curve === undefined) {
      throw new Error(
        `${property} is an ECDSA key on a curve that the rehearsal makes no certificates with: ` +
          "set ecdsaCurve to P256, P384 or P521.",
      );
    }
    const parameters = { name: "ECDSA", ...curve };
    return { algorithm: "ECDSA", parameters, signing: parameters };
  }
  if (type === "ed25519") {
    const parameters = { name: "Ed25519" };
    return { algorithm: "ED25519", parameters, signing: parameters };
  }
  throw new Error(`${property} is a key of type ${type ?? "unknown"}: use RSA, ECDSA or ED25519.`);
}
