import * as pulumi from "@pulumi/pulumi";
import type * as kubernetes from "@pulumi/kubernetes";
import * as tls from "@pulumi/tls";
import { secretObject } from "./secret-object.ts";
import type { ObjectMetadata } from "./system.ts";

/** Ten years: browsers and clients are told to trust this certificate once. */
const authorityValidityHours = 10 * 365 * 24;

/** A year, renewed by any update in its last 60 days. */
const certificateValidityHours = 365 * 24;
const certificateRenewalHours = 60 * 24;

/**
 * The cluster's own certificate authority, for names that no public authority can vouch for: `*.localhost`, addresses inside
 * the cluster, air-gapped sites. Its key never leaves the state.
 */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** The authority's certificate (PEM), for clients to trust. */
  readonly certificate: pulumi.Output<string>;
  readonly #key: tls.PrivateKey;

  constructor(cluster: string, options?: pulumi.ComponentResourceOptions) {
    super("uap:cluster:CertificateAuthority", "certificate-authority", {}, options);
    this.#key = new tls.PrivateKey("authority", { algorithm: "ECDSA", ecdsaCurve: "P256" }, { parent: this });
    const root = new tls.SelfSignedCert(
      "authority",
      {
        privateKeyPem: this.#key.privateKeyPem,
        subject: { commonName: `${cluster} certificate authority`, organization: "uap" },
        isCaCertificate: true,
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: authorityValidityHours,
      },
      { parent: this },
    );
    this.certificate = root.certPem;
    this.registerOutputs({ certificate: this.certificate });
  }

  /**
   * Issues a server certificate and puts it into a Secret of type `kubernetes.io/tls`, with `tls.crt` (leaf and authority),
   * `tls.key` and `ca.crt`.
   *
   * @param hosts DNS names the certificate is for; the first one is its common name.
   */
  issue(
    name: string,
    metadata: ObjectMetadata,
    hosts: readonly [pulumi.Input<string>, ...pulumi.Input<string>[]],
    options: { readonly parent: pulumi.Resource },
  ): kubernetes.core.v1.Secret {
    const key = new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, options);
    const request = new tls.CertRequest(
      name,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: hosts[0], organization: "uap" },
        dnsNames: [...hosts],
      },
      options,
    );
    const leaf = new tls.LocallySignedCert(
      name,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: this.#key.privateKeyPem,
        caCertPem: this.certificate,
        allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
        validityPeriodHours: certificateValidityHours,
        earlyRenewalHours: certificateRenewalHours,
      },
      options,
    );
    const files = pulumi
      .all([leaf.certPem, key.privateKeyPem, this.certificate])
      .apply(([certificate, privateKey, authority]) => ({
        "tls.crt": `${certificate.trimEnd()}\n${authority}`,
        "tls.key": privateKey,
        "ca.crt": authority,
      }));
    return secretObject(name, metadata, files, options, "kubernetes.io/tls");
  }
}
