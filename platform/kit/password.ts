import * as random from "@pulumi/random";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A generated password: 32 letters and digits, 190 bits, safe to put into a URL, a shell or a configuration file.
 * It is secret in the state and stays the same until the resource is replaced.
 */
export function generatedPassword(
  name: string,
  options: pulumi.CustomResourceOptions,
): random.RandomPassword {
  return new random.RandomPassword(name, { length: 32, special: false }, options);
}
