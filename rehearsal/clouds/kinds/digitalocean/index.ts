import type { CloudRules } from "../../kind.ts";
import { dnsRecord, domain, recordsOf } from "./dns.ts";
import { droplet, serverOf } from "./droplets.ts";
import { filterOf, firewall, tag } from "./firewalls.ts";
import { sshKey } from "./ssh-keys.ts";
import { volume, volumeAttachment } from "./volumes.ts";
import { vpc } from "./vpcs.ts";

/** DigitalOcean, as its API's documentation describes it. */
export const digitalocean: CloudRules = {
  title: "DigitalOcean",
  kinds: { droplet, vpc, firewall, sshKey, tag, volume, volumeAttachment, domain, dnsRecord },
  serverKind: "droplet",
  zone: { kind: "domain", input: "name" },
  server: serverOf,
  filter: filterOf,
  records: recordsOf,
};
