import * as pulumi from "@pulumi/pulumi";
import type { Dns } from "../../config/sections/dns.ts";
import { publishToCloudflare } from "./cloudflare.ts";
import { publishToDigitalOcean } from "./digitalocean.ts";
import { publishToHetzner } from "./hetzner.ts";
import { publishToLinode } from "./linode.ts";
import { entriesOf, type DnsEntry } from "./none.ts";
import type { DnsRecord } from "./records.ts";
import { publishToRoute53 } from "./route53.ts";
import { publishToVultr } from "./vultr.ts";

export interface ClusterDnsArgs {
  readonly dns: Dns;
  readonly records: readonly DnsRecord[];
}

/** The cluster's DNS records, at whichever provider. Zones are looked up and never created or deleted. */
export class ClusterDns extends pulumi.ComponentResource {
  /** All records; with the provider `none`, what a person has to enter by hand. */
  readonly entries: pulumi.Output<readonly DnsEntry[]>;

  constructor(name: string, { dns, records }: ClusterDnsArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:ClusterDns", name, {}, options);
    publish(dns, records, this);
    this.entries = entriesOf(records);
    this.registerOutputs({ entries: this.entries });
  }
}

function publish(dns: Dns, records: readonly DnsRecord[], parent: pulumi.Resource): void {
  switch (dns.provider) {
    case "cloudflare":
      publishToCloudflare({ ...dns, records, parent });
      return;
    case "digitalocean":
      publishToDigitalOcean({ ...dns, records, parent });
      return;
    case "hetzner":
      publishToHetzner({ ...dns, records, parent });
      return;
    case "route53":
      publishToRoute53({ ...dns, records, parent });
      return;
    case "vultr":
      publishToVultr({ ...dns, records, parent });
      return;
    case "linode":
      publishToLinode({ ...dns, records, parent });
      return;
    case "none":
      return;
    default:
      dns satisfies never;
  }
}
