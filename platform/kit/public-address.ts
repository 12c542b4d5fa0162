import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BasicAuthentication } from "./basic-authentication.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { networkAccess, type Peer } from "./network-access.ts";
import type { ObjectMetadata } from "./system.ts";

/** Whom cert-manager asks for certificates. */
export interface CertificateIssuer {
  /** Name of the ClusterIssuer, known once it exists. */
  readonly name: pulumi.Output<string>;
  /** Where an ACME server's HTTP-01 challenges come from; undefined when there is none. */
  readonly challengeSource: Peer | undefined;
}

/** How the cluster lets the world in: which controller serves Ingresses. */
export interface IngressSettings {
  readonly class: "traefik";
  /** Vouches for the host names where there is no issuer. */
  readonly authority: CertificateAuthority;
  /** Vouches for the host names, and renews its certificates by itself. @default the authority does */
  readonly issuer?: CertificateIssuer | undefined;
  /** Who may pass. */
  readonly authentication: BasicAuthentication;
}

export interface PublicAddressArgs {
  /** The Ingress's metadata; its name also names the certificate and the middleware. */
  readonly metadata: ObjectMetadata;
  readonly host: string;
  readonly service: { readonly name: pulumi.Input<string>; readonly port: string };
  readonly ingress: IngressSettings;
  /** False only for what proves each request by itself in the header that the login would read, as S3 does. @default true */
  readonly login?: boolean;
}

/**
 * Publishes a service under a host name, over TLS and behind a login.
 *
 * @param options `dependsOn` names what makes the service, where its name does not tell, as a chart's
 * @returns the address as a URL, once the ingress controller serves it.
 */
export function publicAddress(
  name: string,
  args: PublicAddressArgs,
  {
    dependsOn = [],
    parent,
  }: { readonly parent: pulumi.Resource; readonly dependsOn?: readonly pulumi.Resource[] },
): pulumi.Output<string> {
  const options = { parent };
  const certificate = certificateOf(name, args, options);
  const login = args.login ?? true;
  const ingress = new kubernetes.networking.v1.Ingress(
    name,
    {
      metadata: {
        ...args.metadata,
        annotations: {
          ...certificate.annotations,
          "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
          "traefik.ingress.kubernetes.io/router.tls": "true",
          ...(login && {
            "traefik.ingress.kubernetes.io/router.middlewares": args.ingress.authentication.protect(
              name,
              args.metadata,
              options,
            ),
          }),
        },
      },
      spec: {
        ingressClassName: args.ingress.class,
        tls: [{ hosts: [args.host], secretName: certificate.secretName }],
        rules: [
          {
            host: args.host,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: args.service.name, port: { name: args.service.port } } },
                },
              ],
            },
          },
        ],
      },
    },
    { parent, dependsOn: [...dependsOn] },
  );
  return pulumi.interpolate`https://${ingress.spec.rules[0]?.host ?? args.host}`;
}

/** Where the certificate will be, and what the Ingress says so that it comes. */
interface HostCertificate {
  readonly secretName: pulumi.Input<string>;
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

/** From cert-manager, which makes the Secret when it can: nobody waits for it. Without cert-manager, from the stack's own authority. */
function certificateOf(
  name: string,
  { host, ingress, metadata }: PublicAddressArgs,
  options: { readonly parent: pulumi.Resource },
): HostCertificate {
  const secretName = `${name}-tls`;
  const { authority, issuer } = ingress;
  if (!issuer) {
    const secret = authority.issue(secretName, { ...metadata, name: secretName }, [host], options);
    return { secretName: secret.metadata.name, annotations: {} };
  }
  if (issuer.challengeSource) allowChallenges(name, metadata, issuer.challengeSource, options);
  return { secretName, annotations: { "cert-manager.io/cluster-issuer": issuer.name } };
}

/** The pods that cert-manager starts beside an Ingress, for as long as a challenge is open. */
const solver = { selector: { "acme.cert-manager.io/http01-solver": "true" }, port: 8089 } as const;

function allowChallenges(
  name: string,
  metadata: ObjectMetadata,
  challengeSource: Peer,
  options: { readonly parent: pulumi.Resource },
): void {
  const own = `${name}-acme`;
  networkAccess(
    own,
    {
      metadata: { ...metadata, name: own },
      selector: solver.selector,
      from: [{ peer: challengeSource, port: solver.port }],
    },
    options,
  );
}
