import { mustExistAt } from "../existing.ts";

/** What messages call one of each kind. */
export const titles = {
  server: "server",
  ip: "IP",
  securityGroup: "security group",
  privateNic: "private NIC",
  vpc: "VPC",
  privateNetwork: "private network",
  ipamIp: "private IP",
  sshKey: "SSH key",
} as const;

/** The resource with an id. @throws CloudError when there is none */
export const mustExist = mustExistAt("scaleway", titles);
