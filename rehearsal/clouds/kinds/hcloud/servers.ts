import { regions } from "../../../../config/regions.ts";
import { checkHostName, checkOneOf, checkPattern, checkUserData } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import {
  allOf,
  list,
  objects,
  text,
  type CloudResource,
  type CloudsState,
  type Values,
} from "../../inventory.ts";
import type { Kind, SimulatedServer, Wish } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { numeric, protectedResource } from "./identity.ts";
import { checkAddress, networkOf, networksOf } from "./networks.ts";
import { mustExist, titles } from "./titles.ts";

/** A user-data's limit in bytes. */
const userDataLimit = 32 * 1024;
/** A spread placement group holds no more servers. */
const groupLimit = 10;
/** Families that can be ordered: cost-optimized, Arm, regular and dedicated. */
const serverTypes = /^(cx[2345]3|cax[1234]1|cpx[1-6][12]|ccx[1-6]3)$/;
const images =
  /^(ubuntu-2[24]\.04|ubuntu-26\.04|debian-1[123]|fedora-\d+|rocky-\d+|alma-\d+|centos-stream-\d+|\d+)$/;

export const server: Kind = {
  title: titles.server,
  id: numeric,
  unique: byName,
  check: checkServer,
  outputs: ({ address, digits, inputs }) => ({
    ipv4Address: address,
    ipv6Address: `2001:db8:${digits.slice(0, 4)}:${digits.slice(4, 8)}::1`,
    ipv6Network: `2001:db8:${digits.slice(0, 4)}:${digits.slice(4, 8)}::/64`,
    status: "running",
    primaryDiskSize: 40,
    backupWindow: inputs.backups === true ? "22-02" : "",
    datacenter: `${text(inputs, "location")}-dc1`,
  }),
  held: protectedResource,
  owns: ({ id }, other) =>
    (other.kind === "serverNetwork" || other.kind === "volumeAttachment") &&
    text(other.inputs, "serverId") === id,
};

export const placementGroup: Kind = {
  title: titles.placementGroup,
  id: numeric,
  unique: byName,
  outputs: () => ({ servers: [] }),
};

function checkServer({ inputs, others, before }: Wish): void {
  checkHostName(text(inputs, "name"));
  const type = text(inputs, "serverType");
  // A server may keep a type that cannot be ordered any more.
  if (before === undefined || text(before.inputs, "serverType") !== type) {
    checkPattern("server type", type, serverTypes);
  }
  checkOneOf("location", text(inputs, "location"), regions.hetzner);
  checkPattern("image", text(inputs, "image"), images);
  checkUserData(text(inputs, "userData"), userDataLimit);
  if ((inputs.deleteProtection ?? false) !== (inputs.rebuildProtection ?? false)) {
    throw invalid("Delete protection and rebuild protection must have the same value.");
  }
  const keys = allOf(others, "hcloud", "sshKey");
  for (const key of list(inputs, "sshKeys")) {
    if (!keys.some(({ id, inputs: { name } }) => id === String(key) || name === key)) {
      throw invalid(`There is no SSH key "${String(key)}".`);
    }
  }
  for (const id of list(inputs, "firewallIds")) mustExist(others, "firewall", id);
  for (const network of objects(inputs, "networks")) {
    checkAddress(others, networkOf(network), text(network, "ip"));
  }
  checkGroup(inputs, others);
}

function checkGroup(inputs: Values, others: CloudsState): void {
  const group = inputs.placementGroupId;
  if (group === undefined || group === 0) return;
  mustExist(others, "placementGroup", group);
  const members = allOf(others, "hcloud", "server").filter(
    (server) => server.inputs.placementGroupId === group,
  );
  if (members.length >= groupLimit) {
    throw invalid(`A placement group holds at most ${groupLimit} servers: make another one.`);
  }
}

/** The server as any other server. */
export function serverOf(
  { id, inputs, outputs }: CloudResource,
  state: CloudsState,
): Omit<SimulatedServer, "resource"> {
  return {
    name: text(inputs, "name"),
    region: text(inputs, "location"),
    type: text(inputs, "serverType"),
    publicAddress: text(outputs, "ipv4Address"),
    privateAddresses: networksOf(state)
      .filter(({ server }) => server === id)
      .map(({ network, address }) => ({ network: `hcloud/${network}`, address })),
    userData: text(inputs, "userData"),
  };
}
