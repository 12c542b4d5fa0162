import "reflect-metadata";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { z } from "zod";
import { resource } from "../protocol/resource.ts";
import { fingerprint } from "./private-key.ts";
import { signingKey } from "./signing-key.ts";
import { alternativeNames, distinguishedName, subjectInputs } from "./subject.ts";

/** `CertRequest`: names and a public key for an authority to sign (PKCS#10). */
export const certificateRequest = resource({
  inputs: z.object({ ...subjectInputs, privateKeyPem: z.string() }),
  computed: ["certRequestPem", "keyAlgorithm"],
  secret: ["privateKeyPem"],
  async create(inputs) {
    const { algorithm, keys, signing } = await signingKey(inputs.privateKeyPem, "privateKeyPem");
    const request = await Pkcs10CertificateRequestGenerator.create({
      name: distinguishedName(inputs),
      keys,
      signingAlgorithm: signing,
      extensions: [...alternativeNames(inputs)],
    });
    const certRequestPem = `${request.toString("pem")}\n`;
    return { id: fingerprint(certRequestPem), outputs: { certRequestPem, keyAlgorithm: algorithm } };
  },
});
