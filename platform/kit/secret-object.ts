import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectMetadata } from "./system.ts";

/** The texts of a Secret, by file name or key. */
export type SecretTexts = pulumi.Input<Readonly<Record<string, string>>>;

/**
 * A Kubernetes Secret from texts: encoded here, so that the API server gives back exactly what was sent, and kept secret
 * in the state as one value, because the engine encrypts value by value.
 *
 * @param type Kubernetes' secret type. @default "Opaque"
 */
export function secretObject(
  name: string,
  metadata: ObjectMetadata,
  texts: SecretTexts,
  options: pulumi.CustomResourceOptions,
  type: "Opaque" | "kubernetes.io/tls" | "kubernetes.io/basic-auth" = "Opaque",
): kubernetes.core.v1.Secret {
  const data = pulumi.secret(pulumi.output(texts).apply(encodeTexts));
  return new kubernetes.core.v1.Secret(name, { metadata, type, data }, options);
}

/** Base64, as the API wants a Secret's `data`. */
export function encodeTexts(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]),
  );
}
