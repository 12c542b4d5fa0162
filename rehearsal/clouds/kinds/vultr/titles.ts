import { mustExistAt } from "../existing.ts";

/** What messages call one of each kind. */
export const titles = {
  instance: "instance",
  vpc: "VPC",
  firewallGroup: "firewall group",
  firewallRule: "firewall rule",
  sSHKey: "SSH key",
  dnsDomain: "DNS domain",
  dnsRecord: "record",
} as const;

/** The resource with an id. @throws CloudError when there is none */
export const mustExist = mustExistAt("vultr", titles);
