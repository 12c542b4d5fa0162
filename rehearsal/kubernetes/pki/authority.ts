import "reflect-metadata";

import { createPrivateKey, generateKeyPairSync, type webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

import type { KeyPair } from "./pki.ts";

/** ECDSA on P-256 takes a millisecond where RSA takes a second. */
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;
/** Machines' clocks differ a little. */
const clockTolerance = 60 * 60 * 1000;

/** What a certificate is for. */
export interface Subject {
  readonly commonName: string;
  /** The group that Kubernetes counts the user among. */
  readonly organization?: string;
  /** The names and addresses to serve under. A certificate without them is a client's. */
  readonly serves?: { readonly names: readonly string[]; readonly addresses: readonly string[] };
  /** How long it is valid. */
  readonly days: number;
}

/** Makes a certificate authority that vouches for itself. */
export async function createAuthority(commonName: string, days: number): Promise<KeyPair> {
  const keys = await generateKeys();
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: x509Name(commonName),
    ...validity(days),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign | digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toPem(certificate, keys.privateKey);
}

/** Makes a key and has an authority sign its certificate. */
export async function issueCertificate(authority: KeyPair, subject: Subject): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await generateKeys();
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const certificate = await x509.X509CertificateGenerator.create({
    subject: x509Name(subject.commonName, subject.organization),
    // Byte by byte as the authority writes it: Go compares names so.
    issuer: issuer.subjectName,
    ...validity(subject.days),
    publicKey: keys.publicKey,
    signingKey: createPrivateKey(authority.key).toCryptoKey(algorithm, false, ["sign"]),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([subject.serves === undefined ? clientAuth : serverAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...(subject.serves === undefined ? [] : [alternativeNames(subject.serves)]),
    ],
  });
  return toPem(certificate, keys.privateKey);
}

/** Makes a private key alone, for signing tokens: PEM in the old form (SEC 1), which alone Kubernetes reads here. */
export function createSigningKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: algorithm.namedCurve });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function x509Name(commonName: string, organization?: string): string {
  const parts = organization === undefined ? [] : [{ O: [organization] }];
  return new x509.Name([...parts, { CN: [commonName] }]).toString();
}

function validity(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(Date.now() - clockTolerance), notAfter: new Date(Date.now() + days * day) };
}

function alternativeNames(serves: NonNullable<Subject["serves"]>): x509.Extension {
  return new x509.SubjectAlternativeNameExtension([
    ...serves.names.map((value) => ({ type: "dns" as const, value })),
    ...serves.addresses.map((value) => ({ type: "ip" as const, value })),
  ]);
}

async function toPem(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<KeyPair> {
  return { certificate: `${certificate.toString("pem")}\n`, key: await privateKeyToPem(key) };
}

async function privateKeyToPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = await crypto.subtle.exportKey("pkcs8", key);
  return `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n`;
}
