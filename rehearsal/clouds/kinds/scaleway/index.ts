import type { CloudRules } from "../../kind.ts";
import { ipamIp, privateNetwork, privateNic, vpc } from "./networks.ts";
import { filterOf, securityGroup } from "./security-groups.ts";
import { ip, server, serverOf } from "./servers.ts";
import { sshKey } from "./ssh-keys.ts";

/** Scaleway, as its APIs' documentation describes them. */
export const scaleway: CloudRules = {
  title: "Scaleway",
  kinds: { server, ip, securityGroup, privateNic, vpc, privateNetwork, ipamIp, sshKey },
  serverKind: "server",
  server: serverOf,
  filter: filterOf,
};
