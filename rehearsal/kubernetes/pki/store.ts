import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

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
  const keep = (role: string) =>
    keepPair(folder, `${role}-authority`, isLasting, async () => {
      const { createAuthority } = await maker();
      return createAuthority(`${name} ${role} authority`, authorityDays);
    });
  return {
    server: await keep("server"),
    client: await keep("client"),
    serviceAccountKey: await keepFile(folder, "service-account.key", async () =>
      (await maker()).createSigningKey(),
    ),
  };
}

/**
 * The PKI of an API server, kept in a folder. A certificate that is missing, expires within a day, comes from another
 * authority or lacks an address is issued; every other one stays as it is, so that a kubeconfig stays valid.
 *
 * @param addresses the addresses that the API server is reached at
 */
export async function keepPki(
  folder: string,
  authorities: Authorities,
  addresses: readonly string[],
): Promise<Pki> {
  const { server, client } = authorities;
  const servesAll = (certificate: X509Certificate) =>
    addresses.every((address) => certificate.checkIP(address) !== undefined);
  return {
    authorities,
    server: await keepPair(
      folder,
      "api-server",
      (certificate) => isLasting(certificate) && isFrom(server, certificate) && servesAll(certificate),
      async () => {
        const serves = { names: serverNames, addresses };
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
  const [certificate, key] = await Promise.all([read(folder, `${name}.crt`), read(folder, `${name}.key`)]);
  if (certificate !== undefined && key !== undefined) {
    const parsed = new X509Certificate(certificate);
    // They are two files: whoever is killed between writing one and the other leaves two that do not match.
    if (parsed.checkPrivateKey(createPrivateKey(key)) && isGood(parsed)) return { certificate, key };
  }
  const pair = await make();
  await Promise.all([write(folder, `${name}.crt`, pair.certificate), write(folder, `${name}.key`, pair.key)]);
  return pair;
}

async function keepFile(folder: string, name: string, make: () => Promise<string>): Promise<string> {
  const kept = await read(folder, name);
  if (kept !== undefined) return kept;
  const contents = await make();
  await write(folder, name, contents);
  return contents;
}

function isLasting(certificate: X509Certificate): boolean {
  return certificate.validToDate.getTime() > Date.now() + day;
}

function isFrom(authority: KeyPair, certificate: X509Certificate): boolean {
  return certificate.verify(new X509Certificate(authority.certificate).publicKey);
}

async function read(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(folder, name), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Written aside and renamed, so that whoever is killed here leaves no half file. */
async function write(folder: string, name: string, contents: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, name);
  await writeFile(`${file}.new`, contents, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
