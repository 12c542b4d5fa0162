import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { generatedPassword } from "../../kit/password.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { securityFile } from "./files.ts";

/** Ten years for the authority, a year for the certificate, which any update in its last 60 days renews. */
const validity = { authority: 10 * 365 * 24, certificate: 365 * 24, renewal: 60 * 24 } as const;

/**
 * What the parts of the object store trust each other by, as one Secret: `security.toml`, and a certificate that is server's and client's
 * in one, of an authority that signs nothing else. The parts do not check each other's host names, so that one certificate does.
 *
 * The cluster's own authority would not do: whoever has any certificate of it could command the store.
 */
export function createTrust(
  name: string,
  metadata: ObjectMetadata,
  options: { readonly parent: pulumi.Resource },
): kubernetes.core.v1.Secret {
  const authority = `${name}-authority`;
  const authorityKey = new tls.PrivateKey(authority, { algorithm: "ECDSA", ecdsaCurve: "P256" }, options);
  const root = new tls.SelfSignedCert(
    authority,
    {
      privateKeyPem: authorityKey.privateKeyPem,
      subject: { commonName: "object store authority", organization: "uap" },
      isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing"],
      validityPeriodHours: validity.authority,
    },
    options,
  );
  const key = new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, options);
  const request = new tls.CertRequest(
    name,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName: "object store", organization: "uap" },
      dnsNames: ["seaweedfs"],
    },
    options,
  );
  const leaf = new tls.LocallySignedCert(
    name,
    {
      certRequestPem: request.certRequestPem,
      caPrivateKeyPem: authorityKey.privateKeyPem,
      caCertPem: root.certPem,
      allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"],
      validityPeriodHours: validity.certificate,
      earlyRenewalHours: validity.renewal,
    },
    options,
  );
  const signingKey = generatedPassword(`${name}-signing`, options).result;
  const files = pulumi
    .all([signingKey, leaf.certPem, key.privateKeyPem, root.certPem])
    .apply(([signing, certificate, privateKey, rootCertificate]) => ({
      "security.toml": securityFile(signing),
      "tls.crt": certificate,
      "tls.key": privateKey,
      "ca.crt": rootCertificate,
    }));
  return secretObject(name, metadata, files, options);
}
