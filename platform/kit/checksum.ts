import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * A checksum over configuration and secrets, for a pod template's annotation: pods restart when what they read changes.
 *
 * The checksum of a secret is published in clear. That is safe for what the platform generates (190 bits and more of
 * randomness cannot be guessed from a hash), so never feed it text that a person chose.
 */
export function checksum(
  ...contents: pulumi.Input<Readonly<Record<string, string>>>[]
): pulumi.Output<string> {
  const digest = pulumi.all(contents).apply((values) => digestOf(values));
  return pulumi.unsecret(digest);
}

/** SHA-256 in hex, cut to 32 characters, over entries in sorted order. */
export function digestOf(contents: readonly Readonly<Record<string, string>>[]): string {
  const hash = createHash("sha256");
  for (const content of contents) {
    for (const key of Object.keys(content).sort()) {
      hash.update(`${key}\0${content[key] ?? ""}\0`);
    }
  }
  return hash.digest("hex").slice(0, 32);
}
