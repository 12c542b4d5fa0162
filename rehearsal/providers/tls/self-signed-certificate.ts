import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { z } from "zod";
import { resource } from "../protocol/resource.ts";
import {
  certificateId,
  certificateInputs,
  certificateLife,
  certificateOutputs,
  commonExtensions,
  newSerialNumber,
  validity,
  validityOutputs,
} from "./certificate.ts";
import { signingKey } from "./signing-key.ts";
import { alternativeNames, distinguishedName, subjectInputs } from "./subject.ts";

/** `SelfSignedCert`: a certificate that vouches for itself, such as an authority's. */
export const selfSignedCertificate = resource({
  inputs: z.object({
    ...certificateInputs,
    ...subjectInputs,
    privateKeyPem: z.string(),
    setAuthorityKeyId: z.boolean().default(false),
  }),
  computed: ["keyAlgorithm", ...certificateOutputs],
  secret: ["privateKeyPem"],
  ...certificateLife,
  async create(inputs) {
    const { algorithm, keys, signing } = await signingKey(inputs.privateKeyPem, "privateKeyPem");
    const serialNumber = newSerialNumber();
    const times = validity(inputs);
    // An authority needs its key id: the certificates it signs refer to it.
    const withKeyId = inputs.setSubjectKeyId || inputs.isCaCertificate;
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber,
      name: distinguishedName(inputs),
      ...times,
      keys,
      signingAlgorithm: signing,
      extensions: [
        ...commonExtensions(inputs),
        ...alternativeNames(inputs),
        ...(withKeyId ? [await SubjectKeyIdentifierExtension.create(keys.publicKey)] : []),
        ...(inputs.setAuthorityKeyId ? [await AuthorityKeyIdentifierExtension.create(keys.publicKey)] : []),
      ],
    });
    return {
      id: certificateId(serialNumber),
      outputs: {
        keyAlgorithm: algorithm,
        certPem: `${certificate.toString("pem")}\n`,
        ...validityOutputs(inputs, times),
      },
    };
  },
});
