import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../../kit/password.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { ObjectMetadata } from "../../kit/system.ts";

/** Ceph's own page knows this account. */
const administrator = "admin";

/** Name of the Secret in which Rook looks for the password before it makes one. */
export const passwordSecret = "rook-ceph-dashboard-password";

/** A generated password for the administrator of Ceph's page; secret. */
export function createAdministrator(
  metadata: ObjectMetadata,
  options: { readonly parent: pulumi.Resource },
): {
  readonly secret: kubernetes.core.v1.Secret;
  readonly passwords: pulumi.Output<Readonly<Record<string, string>>>;
} {
  const password = generatedPassword("ceph-administrator", options).result;
  const texts = password.apply((text) => ({ password: text }));
  return {
    secret: secretObject(passwordSecret, metadata, texts, options),
    passwords: pulumi.secret(
      password.apply((text): Readonly<Record<string, string>> => ({ [administrator]: text })),
    ),
  };
}
