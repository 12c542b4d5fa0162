import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { generatedPassword } from "../../kit/password.ts";
import type { Peer } from "../../kit/network-access.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import type { S3Keys } from "./users.ts";

/** What a stack tells others of its object store. */
export interface ObjectStoreAccess {
  /** URL of the S3 service: the public one where there is an ingress. */
  readonly endpoint: pulumi.Output<string>;
  readonly region: string;
  readonly buckets: readonly string[];
  /** Keys that may read every bucket; secret. */
  readonly accessKey: pulumi.Output<string>;
  readonly secretKey: pulumi.Output<string>;
}

/** What a system that keeps objects is given. */
export interface ObjectStoreGrant {
  /** Name of the Secret with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL and AWS_REGION. */
  readonly secretName: pulumi.Output<string>;
  /** URL of the S3 service inside the cluster, for path-style requests. */
  readonly endpoint: pulumi.Output<string>;
  readonly region: string;
  /** The network edge that the system needs outwards. */
  readonly edge: { readonly peer: Peer; readonly port: number };
  /** What makes the buckets: who needs them to be there depends on it. */
  readonly buckets: pulumi.Resource;
}

/** The region that clients must name; the store does not care, and this is what clients assume. */
export const region = "us-east-1";

/** Generated keys for each name; secret. The access key begins with the name, so that logs can be read. */
export function generateKeys(
  names: readonly string[],
  options: { readonly parent: pulumi.Resource },
): pulumi.Output<Readonly<Record<string, S3Keys>>> {
  const entries = names.map((name) => {
    const resource = `object-store-${name}`;
    const suffix = new random.RandomPassword(
      `${resource}-access`,
      { length: 12, special: false, upper: false },
      options,
    );
    const secretKey = generatedPassword(resource, options).result;
    return pulumi
      .all([suffix.result, secretKey])
      .apply(([text, secret]): [string, S3Keys] => [
        name,
        { accessKey: `${name}-${text}`, secretKey: secret },
      ]);
  });
  return pulumi.secret(pulumi.all(entries).apply((all) => Object.fromEntries(all)));
}

/** Puts keys into a Secret, under the names of the variables that S3's clients read: a container takes them all by `envFrom`. */
export function keysSecret(
  name: string,
  metadata: ObjectMetadata,
  access: { readonly keys: pulumi.Output<S3Keys>; readonly endpoint: pulumi.Input<string> },
  options: { readonly parent: pulumi.Resource },
): kubernetes.core.v1.Secret {
  const texts = pulumi.all([access.keys, access.endpoint]).apply(([keys, endpoint]) => ({
    AWS_ACCESS_KEY_ID: keys.accessKey,
    AWS_SECRET_ACCESS_KEY: keys.secretKey,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
  }));
  return secretObject(name, metadata, texts, options);
}

/** Secret keys by access key; secret. */
export function accountsOf(keys: pulumi.Output<S3Keys>[]): pulumi.Output<Readonly<Record<string, string>>> {
  return pulumi.secret(
    pulumi
      .all(keys)
      .apply((all) => Object.fromEntries(all.map(({ accessKey, secretKey }) => [accessKey, secretKey]))),
  );
}
