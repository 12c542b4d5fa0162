import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { readIfPresent, writePrivateFile } from "../private-file.ts";
import type { Authorities, KeyPair, Pki } from "./pki.ts";

const day = 24 * 60 * 60 * 1000;
const authorityDays = 3650;
const certificateDays = 365;

/** The module that makes certificates takes a tenth of a second to load: only those who make some pay for it. */
const maker = () => import("./authority.ts");

/** Names that clients on this machine and inside the cluster know the API server by. */
const serverNames = [
  "localhost",
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/**
 * The authorities kept in a folder; those that are missing, or expire within a day, are made.
 *
 * @param name the cluster's name
 */
export async function keepAuthorities(folder: string, name: string): Promise<Authorities> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keep = (role: string) =>
    keepPair(folder, `${role}-authority`, isLasting, async () => {
      const { createAuthority } = await maker();
      return createAuthority(`${name} ${role} authority`, authorityDays);
    });
  return {
    server: await keep("server"),
    client: await keep("client"),
    serviceAccountKey: await keepSigningKey(path.join(folder, "service-account.key")),
  };
}

/** Keeps authorities that were made elsewhere, in place of any that the folder has. */
export async function adoptAuthorities(folder: string, authorities: Authorities): Promise<Authorities> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await Promise.all([
    writePair(folder, "server-authority", authorities.server),
    writePair(folder, "client-authority", authorities.client),
    writePrivateFile(path.join(folder, "service-account.key"), authorities.serviceAccountKey),
  ]);
  return authorities;
}

/**
 * The PKI of an API server, kept in a folder. A certificate that is missing, expires within a day, comes from another
 * authority or lacks an address is issued; every other one stays as it is, so that a kubeconfig stays valid.
 *
 * @param addresses the addresses that the API server is reached at
 * @param names further names that it is reached by
 */
export async function keepPki(
  folder: string,
  authorities: Authorities,
  addresses: readonly string[],
  names: readonly string[] = [],
): Promise<Pki> {
  const { server, client } = authorities;
  const servesAll = (certificate: X509Certificate) =>
    addresses.every((address) => certificate.checkIP(address) !== undefined) &&
    names.every((name) => certificate.checkHost(name) !== undefined);
  return {
    authorities,
    server: await keepPair(
      folder,
      "api-server",
      (certificate) => isLasting(certificate) && isFrom(server, certificate) && servesAll(certificate),
      async () => {
        const serves = { names: [...serverNames, ...names], addresses };
        const { issueCertificate } = await maker();
        return issueCertificate(server, { commonName: "kube-apiserver", serves, days: certificateDays });
      },
    ),
    administrator: await keepPair(
      folder,
      "administrator",
      (certificate) => isLasting(certificate) && isFrom(client, certificate),
      async () => {
        const subject = { commonName: "system:admin", organization: "system:masters", days: certificateDays };
        const { issueCertificate } = await maker();
        return issueCertificate(client, subject);
      },
    ),
  };
}

async function keepPair(
  folder: string,
  name: string,
  isGood: (certificate: X509Certificate) => boolean,
  make: () => Promise<KeyPair>,
): Promise<KeyPair> {
  const file = path.join(folder, name);
  const [certificate, key] = await Promise.all([readIfPresent(`${file}.crt`), readIfPresent(`${file}.key`)]);
  if (certificate !== undefined && key !== undefined) {
    const parsed = new X509Certificate(certificate);
    // They are two files: whoever is killed between writing one and the other leaves two that do not match.
    if (parsed.checkPrivateKey(createPrivateKey(key)) && isGood(parsed)) return { certificate, key };
  }
  const pair = await make();
  await writePair(folder, name, pair);
  return pair;
}

async function writePair(folder: string, name: string, { certificate, key }: KeyPair): Promise<void> {
  const file = path.join(folder, name);
  await Promise.all([writePrivateFile(`${file}.crt`, certificate), writePrivateFile(`${file}.key`, key)]);
}

async function keepSigningKey(file: string): Promise<string> {
  const kept = await readIfPresent(file);
  if (kept !== undefined) return kept;
  const key = (await maker()).createSigningKey();
  await writePrivateFile(file, key);
  return key;
}

function isLasting(certificate: X509Certificate): boolean {
  return certificate.validToDate.getTime() > Date.now() + day;
}

function isFrom(authority: KeyPair, certificate: X509Certificate): boolean {
  return certificate.verify(new X509Certificate(authority.certificate).publicKey);
}
