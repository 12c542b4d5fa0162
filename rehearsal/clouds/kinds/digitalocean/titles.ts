import { mustExistAt } from "../existing.ts";

/** What messages call one of each kind. */
export const titles = {
  droplet: "droplet",
  vpc: "VPC",
  firewall: "firewall",
  sshKey: "SSH key",
  tag: "tag",
  volume: "volume",
  volumeAttachment: "volume attachment",
  domain: "domain",
  dnsRecord: "record",
} as const;

/** The resource with an id. @throws CloudError when there is none */
export const mustExist = mustExistAt("digitalocean", titles);
