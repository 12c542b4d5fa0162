import { mustExistAt } from "../existing.ts";

/** What messages call one of each kind. */
export const titles = {
  server: "server",
  network: "network",
  networkSubnet: "subnet",
  serverNetwork: "network attachment",
  firewall: "firewall",
  firewallAttachment: "firewall attachment",
  sshKey: "SSH key",
  placementGroup: "placement group",
  volume: "volume",
  volumeAttachment: "volume attachment",
  zone: "DNS zone",
  zoneRrset: "record set",
} as const;

/** The resource with an id. @throws CloudError when there is none */
export const mustExist = mustExistAt("hcloud", titles, (id) => `with the id ${id}`);
