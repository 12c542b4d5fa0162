import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BasicAuthentication } from "./basic-authentication.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { ObjectMetadata } from "./system.ts";

/** How the cluster lets the world in: which controller serves Ingresses. */
export interface IngressSettings {
  readonly class: "traefik";
  /** Vouches for the host names. */
  readonly authority: CertificateAuthority;
  /** Who may pass. */
  readonly authentication: BasicAuthentication;
}

export interface PublicAddressArgs {
  /** The Ingress's metadata; its name also names the certificate and the middleware. */
  readonly metadata: ObjectMetadata;
  readonly host: string;
  readonly service: { readonly name: pulumi.Input<string>; readonly port: string };
  readonly ingress: IngressSettings;
}

/**
 * Publishes a service under a host name, over TLS and behind a login: the two things that no public address of the platform
 * is ever without.
 *
 * @returns the address as a URL, once the ingress controller serves it.
 */
export function publicAddress(
  name: string,
  args: PublicAddressArgs,
  options: { readonly parent: pulumi.Resource },
): pulumi.Output<string> {
  const certificateName = `${name}-tls`;
  const certificate = args.ingress.authority.issue(
    certificateName,
    { ...args.metadata, name: certificateName },
    [args.host],
    options,
  );
  const login = args.ingress.authentication.protect(name, args.metadata, options);
  const ingress = new kubernetes.networking.v1.Ingress(
    name,
    {
      metadata: {
        ...args.metadata,
        annotations: {
          "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
          "traefik.ingress.kubernetes.io/router.tls": "true",
          "traefik.ingress.kubernetes.io/router.middlewares": login,
        },
      },
      spec: {
        ingressClassName: args.ingress.class,
        tls: [{ hosts: [args.host], secretName: certificate.metadata.name }],
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
    options,
  );
  return pulumi.interpolate`https://${ingress.spec.rules[0]?.host ?? args.host}`;
}
