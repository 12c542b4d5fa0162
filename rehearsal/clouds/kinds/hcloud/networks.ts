import { checkOneOf, checkRange, isInRange } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import { allOf, find, objects, text, type CloudsState, type Values } from "../../inventory.ts";
import type { Kind, Wish } from "../../kind.ts";
import { addressAt, freeAddress, sizeOf } from "../addresses.ts";
import { byName } from "../by-name.ts";
import { numeric, protectedResource } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";

/** The first addresses of a network: its own, and the gateway's. */
const ownAddresses = 2;

/** Locations by network zone. */
const networkZones: Readonly<Record<string, readonly string[]>> = {
  "eu-central": ["fsn1", "nbg1", "hel1"],
  "us-east": ["ash"],
  "us-west": ["hil"],
  "ap-southeast": ["sin"],
};

export const network: Kind = {
  title: titles.network,
  id: numeric,
  unique: byName,
  check: ({ inputs }) => {
    checkRange(text(inputs, "ipRange"));
  },
  held: protectedResource,
  owns: ({ id }, other) =>
    (other.kind === "networkSubnet" || other.kind === "serverNetwork") && networkOf(other.inputs) === id,
};

export const networkSubnet: Kind = {
  title: titles.networkSubnet,
  id: ({ inputs }) => `${text(inputs, "networkId")}-${text(inputs, "ipRange")}`,
  unique: (inputs) => `${text(inputs, "networkId")}-${text(inputs, "ipRange")}`,
  check: checkSubnet,
  outputs: ({ inputs }) => ({ gateway: gatewayOf(text(inputs, "ipRange")) }),
  held: (subnet, state) => {
    const used = networksOf(state).some(
      ({ network, address }) =>
        network === text(subnet.inputs, "networkId") && isInRange(address, text(subnet.inputs, "ipRange")),
    );
    return used ? "is in use: detach the servers first." : undefined;
  },
};

export const serverNetwork: Kind = {
  title: titles.serverNetwork,
  id: ({ inputs }) => `${text(inputs, "serverId")}-${networkOf(inputs)}`,
  unique: (inputs) => `${text(inputs, "serverId")}-${networkOf(inputs)}`,
  check: ({ inputs, others }) => {
    mustExist(others, "server", inputs.serverId);
    checkAddress(others, networkOf(inputs), text(inputs, "ip"));
  },
  outputs: ({ id, serial, inputs, state }) => ({
    ip:
      text(inputs, "ip") ||
      text(find(state, "hcloud", "serverNetwork", id)?.outputs ?? {}, "ip") ||
      nextAddress(state, networkOf(inputs)),
    networkId: Number(networkOf(inputs)),
    macAddress: macAddress(serial),
  }),
};

function checkSubnet({ inputs, others }: Wish): void {
  const network = mustExist(others, "network", inputs.networkId);
  const range = text(inputs, "ipRange");
  checkRange(range);
  checkOneOf("network zone", text(inputs, "networkZone"), Object.keys(networkZones));
  checkOneOf("type of subnet", text(inputs, "type"), ["cloud", "server", "vswitch"]);
  if (!isInRange(range.split("/")[0] ?? "", text(network.inputs, "ipRange"))) {
    throw invalid(
      `The subnet ${range} is not inside the network's range ${text(network.inputs, "ipRange")}.`,
    );
  }
}

/** An address of a network must be in one of its subnets, and nobody else's. */
export function checkAddress(others: CloudsState, network: string, address: string): void {
  mustExist(others, "network", network);
  const subnets = subnetsOf(others, network);
  if (subnets.length === 0) throw invalid("The network has no subnet yet: the server must depend on one.");
  if (address === "") return;
  if (!subnets.some((range) => isInRange(address, range))) {
    throw invalid(`The address ${address} is in no subnet of the network.`);
  }
  if (networksOf(others).some((used) => used.network === network && used.address === address)) {
    throw conflict(`The address ${address} is taken by another server.`);
  }
}

/** A network's id, which an attachment may also give by its subnet. */
export function networkOf(inputs: Values): string {
  return text(inputs, "networkId") || (text(inputs, "subnetId").split("-")[0] ?? "");
}

function subnetsOf(state: CloudsState, network: string): readonly string[] {
  return allOf(state, "hcloud", "networkSubnet")
    .filter(({ inputs }) => text(inputs, "networkId") === network)
    .map(({ inputs }) => text(inputs, "ipRange"));
}

/** Every address in a private network. */
export function networksOf(
  state: CloudsState,
): readonly { server: string; network: string; address: string }[] {
  const attached = allOf(state, "hcloud", "serverNetwork").map(({ inputs, outputs }) => ({
    server: text(inputs, "serverId"),
    network: networkOf(inputs),
    address: text(outputs, "ip"),
  }));
  const inline = allOf(state, "hcloud", "server").flatMap(({ id, serial, inputs }) =>
    objects(inputs, "networks").map((network) => ({
      server: id,
      network: networkOf(network),
      address: text(network, "ip") || addressBySerial(state, networkOf(network), serial),
    })),
  );
  return [...attached, ...inline];
}

/** The first address that no server has: Hetzner hands them out from below. */
function nextAddress(state: CloudsState, network: string): string {
  const taken = networksOf(state).filter((used) => used.network === network);
  return freeAddress(
    subnetsOf(state, network)[0] ?? "",
    ownAddresses,
    taken.map(({ address }) => address),
  );
}

/** An address that a server keeps whatever others there are. */
function addressBySerial(state: CloudsState, network: string, serial: number): string {
  const range = subnetsOf(state, network)[0] ?? "";
  return addressAt(range, ownAddresses + (serial % (sizeOf(range) - ownAddresses - 1)));
}

function gatewayOf(range: string): string {
  return range.replace(/\d+\/\d+$/, (end) => String(Number.parseInt(end, 10) + 1));
}

function macAddress(serial: number): string {
  return `86:00:00:${serial.toString(16).padStart(6, "0").match(/../g)?.join(":") ?? "00:00:00"}`;
}
