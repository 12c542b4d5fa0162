import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import { administratorKubeconfig } from "./kubeconfig.ts";
import type { AuthorityFile, ClusterIdentity } from "./node-bootstrap.ts";
import { joinToken } from "./token.ts";

/** Ten years, as k3s gives its own: another authority would be another cluster. */
const authorityValidityHours = 10 * 365 * 24;

/** A year, renewed by any update in its last 60 days. */
const administratorValidityHours = 365 * 24;
const administratorRenewalHours = 60 * 24;

/** A key pair in OpenSSH's formats. */
export interface SshKey {
  /** Type and body, without a comment. */
  readonly publicKey: pulumi.Output<string>;
  /** Secret. */
  readonly privateKey: pulumi.Output<string>;
}

const ecdsa = { algorithm: "ECDSA", ecdsaCurve: "P256" };

/** The authorities of a k3s cluster, by the name of their files. */
type AuthorityName = "server" | "client" | "request-header" | "etcd/peer" | "etcd/server";

/** What the PKI is made for. */
export interface ClusterPkiArgs {
  readonly cluster: string;
  /** The host of the API: where the kubeconfig leads. */
  readonly apiHost: string;
}

interface Authority {
  readonly key: tls.PrivateKey;
  readonly certificate: tls.SelfSignedCert;
}

/**
 * A cluster's keys, certificates and tokens, made before its first node exists: nodes are told their authorities, and the kubeconfig follows
 * without asking a node.
 */
export class ClusterPki extends pulumi.ComponentResource {
  /** What nodes are told; secret. */
  readonly identity: pulumi.Output<ClusterIdentity>;
  /** The way in for an administrator, of the group `system:masters`; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The cluster's own key, which every server lets in: it is new in every account, whatever keys the operators have there. */
  readonly sshKey: SshKey;

  constructor(args: ClusterPkiArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:ClusterPki", args.cluster, {}, options);
    const authority = (name: AuthorityName) => this.#authority(args.cluster, name);
    const authorities: Readonly<Record<AuthorityName, Authority>> = {
      server: authority("server"),
      client: authority("client"),
      "request-header": authority("request-header"),
      "etcd/peer": authority("etcd/peer"),
      "etcd/server": authority("etcd/server"),
    };
    this.identity = pulumi.secret(this.#identity(args.cluster, authorities));
    this.kubeconfig = pulumi.secret(this.#kubeconfig(args, authorities));
    this.sshKey = this.#sshKey(args.cluster);
    this.registerOutputs({});
  }

  #authority(cluster: string, name: AuthorityName): Authority {
    const resource = `${cluster}-${name.replace("/", "-")}-ca`;
    const key = new tls.PrivateKey(resource, ecdsa, { parent: this });
    const certificate = new tls.SelfSignedCert(
      resource,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: resource },
        isCaCertificate: true,
        // k3s renews a certificate whose authority's key id is another one.
        setSubjectKeyId: true,
        allowedUses: ["digital_signature", "key_encipherment", "cert_signing"],
        validityPeriodHours: authorityValidityHours,
      },
      { parent: this },
    );
    return { key, certificate };
  }

  #identity(
    cluster: string,
    authorities: Readonly<Record<AuthorityName, Authority>>,
  ): pulumi.Output<ClusterIdentity> {
    const serviceAccounts = new tls.PrivateKey(`${cluster}-service-accounts`, ecdsa, { parent: this });
    const files: Record<string, pulumi.Output<string>> = { "service.key": serviceAccounts.privateKeyPem };
    for (const [name, { key, certificate }] of Object.entries(authorities)) {
      files[`${name}-ca.crt`] = certificate.certPem;
      files[`${name}-ca.key`] = key.privateKeyPem;
    }
    return pulumi
      .all([
        pulumi.all(files),
        authorities.server.certificate.certPem,
        this.#secret(cluster, "server"),
        this.#secret(cluster, "agent"),
      ])
      .apply(([texts, authority, serverSecret, agentSecret]) => ({
        authorities: texts as Record<AuthorityFile, string>,
        serverToken: joinToken(authority, "server", serverSecret),
        agentToken: joinToken(authority, "node", agentSecret),
      }));
  }

  /** 190 bits: etcd's snapshots are encrypted with it. */
  #secret(cluster: string, side: "server" | "agent"): pulumi.Output<string> {
    return new random.RandomPassword(
      `${cluster}-${side}-token`,
      { length: 32, special: false },
      { parent: this },
    ).result;
  }

  #sshKey(cluster: string): SshKey {
    const key = new tls.PrivateKey(`${cluster}-ssh`, { algorithm: "ED25519" }, { parent: this });
    return {
      publicKey: key.publicKeyOpenssh.apply((line) => line.trim()),
      privateKey: pulumi.secret(key.privateKeyOpenssh),
    };
  }

  #kubeconfig(
    { cluster, apiHost }: ClusterPkiArgs,
    { server, client }: Readonly<Record<AuthorityName, Authority>>,
  ): pulumi.Output<string> {
    const name = `${cluster}-administrator`;
    const key = new tls.PrivateKey(name, ecdsa, { parent: this });
    const request = new tls.CertRequest(
      name,
      { privateKeyPem: key.privateKeyPem, subject: { commonName: name, organization: "system:masters" } },
      { parent: this },
    );
    const certificate = new tls.LocallySignedCert(
      name,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: client.key.privateKeyPem,
        caCertPem: client.certificate.certPem,
        allowedUses: ["digital_signature", "key_encipherment", "client_auth"],
        validityPeriodHours: administratorValidityHours,
        earlyRenewalHours: administratorRenewalHours,
      },
      { parent: this },
    );
    return pulumi
      .all([server.certificate.certPem, certificate.certPem, key.privateKeyPem])
      .apply(([serverAuthority, certificatePem, keyPem]) =>
        administratorKubeconfig(cluster, apiHost, {
          serverAuthority,
          certificate: certificatePem,
          key: keyPem,
        }),
      );
  }
}
