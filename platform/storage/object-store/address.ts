import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { networkAccess } from "../../kit/network-access.ts";
import type { PublicAddressArgs } from "../../kit/public-address.ts";
import type { ObjectMetadata } from "../../kit/system.ts";

/** The pods that cert-manager starts to prove who a host belongs to. */
const solver = { selector: { "acme.cert-manager.io/http01-solver": "true" }, port: 8089 } as const;

/**
 * Publishes the S3 gateway under a host name, over TLS. The kit's login is not put in front of it: each request carries a signature that
 * the gateway checks, in the very header that the login would read.
 *
 * @returns the address as a URL, once the ingress controller serves it
 */
export function signedAddress(
  name: string,
  { host, ingress, metadata, service }: PublicAddressArgs,
  options: { readonly parent: pulumi.Resource },
): pulumi.Output<string> {
  const secretName = `${name}-tls`;
  const { authority, issuer } = ingress;
  const certificate: pulumi.Input<string> = issuer
    ? secretName
    : authority.issue(secretName, { ...metadata, name: secretName }, [host], options).metadata.name;
  if (issuer?.asker) {
    const own = `${name}-acme`;
    networkAccess(
      own,
      {
        metadata: { ...metadata, name: own },
        selector: solver.selector,
        from: [{ peer: issuer.asker, port: solver.port }],
      },
      options,
    );
  }
  const made = new kubernetes.networking.v1.Ingress(
    name,
    {
      metadata: {
        ...metadata,
        annotations: {
          ...(issuer && { "cert-manager.io/cluster-issuer": issuer.name }),
          "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
          "traefik.ingress.kubernetes.io/router.tls": "true",
        },
      },
      spec: {
        ingressClassName: ingress.class,
        tls: [{ hosts: [host], secretName: certificate }],
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: service.name, port: { name: service.port } } },
                },
              ],
            },
          },
        ],
      },
    },
    options,
  );
  return pulumi.interpolate`https://${made.spec.rules[0]?.host ?? host}`;
}

/** Lets programs of other namespaces find a Service under names that they expect. */
export function createAliases(
  names: readonly string[],
  {
    metadata,
    namespaces,
  }: { readonly metadata: ObjectMetadata; readonly namespaces: readonly pulumi.Input<string>[] },
  options: { readonly parent: pulumi.Resource },
): void {
  const externalName = pulumi.interpolate`${metadata.name}.${metadata.namespace}.svc.cluster.local`;
  for (const [index, namespace] of namespaces.entries()) {
    for (const name of names) {
      new kubernetes.core.v1.Service(
        `${name}-alias-${index + 1}`,
        { metadata: { ...metadata, name, namespace }, spec: { type: "ExternalName", externalName } },
        options,
      );
    }
  }
}
