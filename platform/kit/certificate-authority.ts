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

/** Two years, renewed by any update in its last half: what a delegate signs lasts some months. */
const delegateValidityHours = 2 * 365 * 24;
const delegateRenewalHours = 365 * 24;

const serverCertificate: Purpose = {
  allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
  validityPeriodHours: certificateValidityHours,
  earlyRenewalHours: certificateRenewalHours,
};

const delegateCertificate: Purpose = {
  allowedUses: ["cert_signing", "crl_signing"],
  isCaCertificate: true,
  // It signs servers' certificates, and no further authorities.
  maxPathLength: 0,
  validityPeriodHours: delegateValidityHours,
  earlyRenewalHours: delegateRenewalHours,
};

/** What a certificate may be used for, and how long. */
type Purpose = Pick<
  tls.LocallySignedCertArgs,
  "allowedUses" | "isCaCertificate" | "maxPathLength" | "validityPeriodHours" | "earlyRenewalHours"
>;

/** Whom a certificate is for. */
interface Subject {
  readonly commonName: pulumi.Input<string>;
  /** @default none */
  readonly hosts?: readonly pulumi.Input<string>[];
}

/**
 * The cluster's own certificate authority, for names that no public authority can vouch for: `*.localhost`, addresses inside
 * the cluster, air-gapped sites. Its key never leaves the state: the cluster has keys that it signed.
 */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** The authority's certificate (PEM), for clients to trust. */
  readonly certificate: pulumi.Output<string>;
  readonly #cluster: string;
  readonly #key: tls.PrivateKey;

  constructor(cluster: string, options?: pulumi.ComponentResourceOptions) {
    super("uap:cluster:CertificateAuthority", "certificate-authority", {}, options);
    this.#cluster = cluster;
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
    return this.#sign(name, metadata, { commonName: hosts[0], hosts }, serverCertificate, options);
  }

  /**
   * Lets somebody in the cluster sign in the authority's name: a Secret like those of `issue`, whose certificate is an authority of its
   * own below this one. Who trusts this authority trusts what it signs.
   */
  delegate(
    name: string,
    metadata: ObjectMetadata,
    options: { readonly parent: pulumi.Resource },
  ): kubernetes.core.v1.Secret {
    const commonName = `${this.#cluster} ${name}`;
    return this.#sign(name, metadata, { commonName }, delegateCertificate, options);
  }

  #sign(
    name: string,
    metadata: ObjectMetadata,
    { commonName, hosts = [] }: Subject,
    purpose: Purpose,
    options: { readonly parent: pulumi.Resource },
  ): kubernetes.core.v1.Secret {
    const key = new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" }, options);
    const request = new tls.CertRequest(
      name,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName, organization: "uap" },
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
        ...purpose,
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
