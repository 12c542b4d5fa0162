import type { CloudRules } from "../../kind.ts";
import { recordsOf, zone, zoneRrset } from "./dns.ts";
import { filterOf, firewall, firewallAttachment } from "./firewalls.ts";
import { network, networkSubnet, serverNetwork } from "./networks.ts";
import { placementGroup, server, serverOf } from "./servers.ts";
import { sshKey } from "./ssh-keys.ts";
import { volume, volumeAttachment } from "./volumes.ts";

/** Hetzner Cloud, as its API's documentation describes it. */
export const hcloud: CloudRules = {
  title: "Hetzner Cloud",
  kinds: {
    server,
    network,
    networkSubnet,
    serverNetwork,
    firewall,
    firewallAttachment,
    sshKey,
    placementGroup,
    volume,
    volumeAttachment,
    zone,
    zoneRrset,
  },
  serverKind: "server",
  zone: { kind: "zone", input: "name" },
  server: serverOf,
  filter: filterOf,
  records: recordsOf,
};
