import type { CloudRules } from "../../kind.ts";
import { domain, domainRecord, recordsOf } from "./domains.ts";
import { filterOf, firewall } from "./firewalls.ts";
import { instance, serverOf } from "./instances.ts";
import { networkingIp } from "./networking-ips.ts";
import { vpc, vpcSubnet } from "./vpcs.ts";

/** Linode, now Akamai's, as its API's documentation describes it. */
export const linode: CloudRules = {
  title: "Linode",
  kinds: { instance, networkingIp, firewall, vpc, vpcSubnet, domain, domainRecord },
  serverKind: "instance",
  zone: { kind: "domain", input: "domain" },
  server: serverOf,
  filter: filterOf,
  records: recordsOf,
};
