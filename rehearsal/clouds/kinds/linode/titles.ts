import { mustExistAt } from "../existing.ts";

/** What messages call one of each kind. */
export const titles = {
  instance: "Linode",
  networkingIp: "reserved IP",
  firewall: "firewall",
  vpc: "VPC",
  vpcSubnet: "subnet",
  domain: "domain",
  domainRecord: "record",
} as const;

/** The resource with an id. @throws CloudError when there is none */
export const mustExist = mustExistAt("linode", titles);
