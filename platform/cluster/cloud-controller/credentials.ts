import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { Sensitive } from "../../../config/sensitive.ts";

/** The clouds whose API asks for a token, by the namespace of the Pulumi provider that has one too. */
const providers = { hetzner: "hcloud", digitalocean: "digitalocean" } as const;

/** A cloud whose API asks for a token. */
export type TokenCloud = keyof typeof providers;

/** An option that holds a token. */
export const tokenSchema = z
  .string()
  .min(1)
  .transform((value) => new Sensitive(value));

/**
 * The token by which systems in the cluster speak to their cloud; secret.
 *
 * @param own the one that the system's options name
 * @returns by default the program's own, `hcloud:token` or `digitalocean:token`; undefined when neither is in the stack's configuration
 */
export function cloudToken(cloud: TokenCloud, own: Sensitive | undefined): pulumi.Output<string> | undefined {
  if (own) return pulumi.secret(own.reveal());
  return new pulumi.Config(providers[cloud]).getSecret("token");
}
