import type { Acme } from "../../../config/sections/acme.ts";

/** The fields of a `ClusterIssuer` that the platform sets. */
export type ClusterIssuerSpec =
  | { readonly ca: { readonly secretName: string } }
  | {
      readonly acme: {
        /** The directory of the authority. */
        readonly server: string;
        readonly email: string;
        /** Where cert-manager keeps the key of the account that it makes. */
        readonly privateKeySecretRef: { readonly name: string };
        readonly solvers: readonly {
          readonly http01: {
            readonly ingress: { readonly ingressClassName: string; readonly serviceType: "ClusterIP" };
          };
        }[];
      };
    };

/** An issuer for the whole cluster, by its name. */
export interface ClusterIssuer {
  readonly name: string;
  readonly spec: ClusterIssuerSpec;
}

/** Let's Encrypt's directories. What staging signs, no browser trusts; it is for trying out, since production counts every attempt. */
const directories = {
  production: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
} as const;

/** Name of the issuer that signs as the stack's own authority, and of the Secret with its key. */
export const ownAuthority = "own-authority";

/** Signs what only the platform and those who trust its authority need to trust. */
export const ownIssuer: ClusterIssuer = { name: ownAuthority, spec: { ca: { secretName: ownAuthority } } };

/**
 * Let's Encrypt: a host's certificate for whoever answers under its name on port 80.
 *
 * @param ingressClass the controller that leads the authority's questions to cert-manager's answers
 */
export function letsEncrypt(
  { email, issuer }: Exclude<Acme, { readonly issuer: "self-signed" }>,
  ingressClass: string,
): ClusterIssuer {
  const name = `letsencrypt-${issuer}`;
  return {
    name,
    spec: {
      acme: {
        server: directories[issuer],
        email,
        privateKeySecretRef: { name: `${name}-account` },
        solvers: [{ http01: { ingress: { ingressClassName: ingressClass, serviceType: "ClusterIP" } } }],
      },
    },
  };
}
