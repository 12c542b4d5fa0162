import { z } from "zod";

import { domainSchema } from "../names.ts";

/** The services that can hold the stack's DNS records. */
export const dnsProviders = ["cloudflare", "digitalocean", "hetzner", "route53", "vultr", "linode"] as const;
/** A service that can hold the stack's DNS records. */
export type DnsProvider = (typeof dnsProviders)[number];

/** Shorter is refused by most providers, longer makes a moved node unreachable for longer; in seconds. */
const defaultTtl = 120;

const hosted = z.strictObject({
  provider: z.enum(dnsProviders),
  zone: domainSchema
    .optional()
    .describe("the DNS zone that holds the records, uap:domain or a parent of it; by default uap:domain"),
  ttl: z
    .int()
    .min(60)
    .max(86_400)
    .default(defaultTtl)
    .describe("the records' time to live in seconds, from 60 to 86400"),
});

const none = z.strictObject({ provider: z.literal("none") });

/** The section `uap:dns`. */
export const dnsSchema = z.discriminatedUnion("provider", [hosted, none]);

/** Where the stack's DNS records are kept; with `none`, the records to make by hand are printed. */
export type Dns = (Omit<z.output<typeof hosted>, "zone"> & { readonly zone: string }) | z.output<typeof none>;
