import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  type Extension,
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

/** `LocallySignedCert`: a request, signed by an authority whose key is at hand. */
export const locallySignedCertificate = resource({
  inputs: z.object({
    ...certificateInputs,
    caCertPem: z.string(),
    caPrivateKeyPem: z.string(),
    certRequestPem: z.string(),
  }),
  computed: ["caKeyAlgorithm", ...certificateOutputs],
  secret: ["caPrivateKeyPem"],
  ...certificateLife,
  async create(inputs) {
    const authority = new X509Certificate(inputs.caCertPem);
    const request = new Pkcs10CertificateRequest(inputs.certRequestPem);
    const { algorithm, keys, signing } = await signingKey(inputs.caPrivateKeyPem, "caPrivateKeyPem");
    const serialNumber = newSerialNumber();
    const times = validity(inputs);
    const withKeyId = inputs.setSubjectKeyId || inputs.isCaCertificate;
    const certificate = await X509CertificateGenerator.create({
      serialNumber,
      subject: request.subjectName,
      issuer: authority.subjectName,
      ...times,
      publicKey: request.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: signing,
      extensions: [
        ...commonExtensions(inputs),
        ...requestedNames(request),
        ...(withKeyId ? [await SubjectKeyIdentifierExtension.create(request.publicKey)] : []),
        ...authorityKeyId(authority),
      ],
    });
    return {
      id: certificateId(serialNumber),
      outputs: {
        caKeyAlgorithm: algorithm,
        certPem: `${certificate.toString("pem")}\n`,
        ...validityOutputs(inputs, times),
      },
    };
  },
});

/** The alternative names, as they were asked for. Nothing else that a request asks for is granted. */
function requestedNames(request: Pkcs10CertificateRequest): readonly Extension[] {
  return request.extensions.filter((extension) => extension instanceof SubjectAlternativeNameExtension);
}

/** A reference to the authority's key, where its certificate names it. */
function authorityKeyId(authority: X509Certificate): readonly Extension[] {
  const keyId = authority.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  return keyId === undefined ? [] : [new AuthorityKeyIdentifierExtension(keyId)];
}
