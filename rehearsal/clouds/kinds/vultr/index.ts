import type { CloudRules } from "../../kind.ts";
import { dnsDomain, dnsRecord, recordsOf } from "./dns.ts";
import { filterOf, firewallGroup, firewallRule } from "./firewalls.ts";
import { instance, serverOf } from "./instances.ts";
import { sshKey } from "./ssh-keys.ts";
import { vpc } from "./vpcs.ts";

/** Vultr, as its API's documentation describes it. */
export const vultr: CloudRules = {
  title: "Vultr",
  // The SDK's type token has this odd name for keys.
  kinds: { instance, vpc, firewallGroup, firewallRule, sSHKey: sshKey, dnsDomain, dnsRecord },
  serverKind: "instance",
  zone: { kind: "dnsDomain", input: "domain" },
  server: serverOf,
  filter: filterOf,
  records: recordsOf,
};
