import { isInRange, overlap } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import { uuid } from "../../identifiers.ts";
import {
  allOf,
  find,
  list,
  objects,
  text,
  type CloudResource,
  type CloudsState,
  type Values,
} from "../../inventory.ts";
import type { Kind, Wish } from "../../kind.ts";
import { freeAddress, isPrivateRange, offsetIn, sizeOf } from "../addresses.ts";
import { checkPlace, checkRegion, checkZone, regional, regionOf, regionOfZone, zoneOf } from "./places.ts";
import { mustExist, titles } from "./titles.ts";

const time = "2026-01-01T00:00:00Z";
/** The first addresses of a private network: its own, and the gateway's. */
const reserved = 2;

export const vpc: Kind = {
  title: titles.vpc,
  id: regional,
  check: ({ inputs }) => {
    checkRegion(inputs);
  },
  outputs: () => ({ isDefault: false, createdAt: time, updatedAt: time }),
  held: ({ id }, state) =>
    allOf(state, "scaleway", "privateNetwork").some(({ inputs }) => inputs.vpcId === id)
      ? "has private networks: delete them first."
      : undefined,
};

export const privateNetwork: Kind = {
  title: titles.privateNetwork,
  id: regional,
  check: checkNetwork,
  outputs: ({ digits, serial, inputs }) => {
    const range = rangeIn(inputs) || `172.16.${(serial % 64) * 4}.0/22`;
    const [address = "", length] = range.split("/");
    return {
      ipv4Subnet: { subnet: range, id: uuid(digits), address, prefixLength: Number(length) },
      createdAt: time,
      updatedAt: time,
    };
  },
  held: ({ id }, state) =>
    [...allOf(state, "scaleway", "privateNic"), ...allOf(state, "scaleway", "ipamIp")].some(
      (user) => networkOf(user) === id,
    )
      ? "is in use: detach the servers and release the addresses first."
      : undefined,
};

/** A private address that is booked before anybody has it. */
export const ipamIp: Kind = {
  title: titles.ipamIp,
  id: regional,
  check: checkBooking,
  outputs: ({ id, inputs, state }) => {
    const network = sourceOf(inputs);
    const range = rangeOf(network, state);
    const own = addressOf(find(state, "scaleway", "ipamIp", id));
    const address = text(inputs, "address") || own || freeAddress(range, reserved, taken(network, state));
    return {
      address,
      addressCidr: `${address}/${range.split("/")[1] ?? ""}`,
      createdAt: time,
      updatedAt: time,
    };
  },
  held: ({ id }, state) =>
    allOf(state, "scaleway", "privateNic").some(({ inputs }) => list(inputs, "ipamIpIds").includes(id))
      ? "is in use by a server: delete its private NIC first."
      : undefined,
};

export const privateNic: Kind = {
  title: titles.privateNic,
  id: ({ inputs, digits }) => `${text(inputs, "serverId")}/${uuid(digits)}`,
  unique: (inputs) => `${text(inputs, "serverId")} ${text(inputs, "privateNetworkId")}`,
  check: checkNic,
  outputs: ({ id, serial, inputs, state }) => {
    const network = text(inputs, "privateNetworkId");
    const booked = list(inputs, "ipamIpIds").map((one) => ({
      id: one,
      address: addressOf(find(state, "scaleway", "ipamIp", one)),
    }));
    const own = find(state, "scaleway", "privateNic", id);
    const chosen = own === undefined ? [] : objects(own.outputs, "privateIps");
    const free = () => freeAddress(rangeOf(network, state), reserved, taken(network, state));
    return {
      macAddress: `02:00:00:${serial.toString(16).padStart(6, "0").match(/../g)?.join(":") ?? ""}`,
      privateIps: booked.length > 0 ? booked : chosen.length > 0 ? chosen : [{ id: "", address: free() }],
    };
  },
};

function checkNetwork({ inputs, others }: Wish): void {
  checkRegion(inputs);
  const vpcId = inputs.vpcId;
  if (vpcId !== undefined) checkPlace(mustExist(others, "vpc", vpcId), titles.vpc, regionOf(inputs));
  const range = rangeIn(inputs);
  if (range === "") return;
  if (!isPrivateRange(range) || sizeOf(range) < 8 || sizeOf(range) > 4096) {
    throw invalid(`"${range}" is not a range for a private network: it must be private, from /20 to /29.`);
  }
  const neighbours = allOf(others, "scaleway", "privateNetwork").filter(
    (other) => other.inputs.vpcId === vpcId,
  );
  if (neighbours.some((other) => overlap(range, rangeOf(other.id, others)))) {
    throw conflict(`The range ${range} overlaps with that of another private network of the VPC.`);
  }
}

function checkBooking({ inputs, others }: Wish): void {
  checkRegion(inputs);
  const network = mustExist(others, "privateNetwork", sourceOf(inputs));
  checkPlace(network, titles.privateNetwork, regionOf(inputs));
  const address = text(inputs, "address");
  if (address === "") return;
  const range = rangeOf(network.id, others);
  const offset = isInRange(address, range) ? offsetIn(range, address) : 0;
  if (offset < reserved || offset === sizeOf(range) - 1) {
    throw invalid(`The address ${address} cannot be had in the private network ${range}.`);
  }
  if (taken(network.id, others).includes(address)) throw conflict(`The address ${address} is taken.`);
}

function checkNic({ inputs, others }: Wish): void {
  checkZone(inputs);
  checkPlace(mustExist(others, "server", inputs.serverId), titles.server, zoneOf(inputs));
  const network = mustExist(others, "privateNetwork", inputs.privateNetworkId);
  checkPlace(network, titles.privateNetwork, regionOfZone(zoneOf(inputs)));
  for (const id of list(inputs, "ipamIpIds")) {
    const address = mustExist(others, "ipamIp", id);
    if (networkOf(address) !== network.id)
      throw invalid(`The private IP ${address.id} is of another network.`);
    const users = allOf(others, "scaleway", "privateNic");
    if (users.some((other) => list(other.inputs, "ipamIpIds").includes(id))) {
      throw conflict(`The private IP ${address.id} is in use by another server.`);
    }
  }
}

/** The id of the private network that a private IP or a NIC is in. */
function networkOf({ inputs }: CloudResource): string {
  return text(inputs, "privateNetworkId") || sourceOf(inputs);
}

function sourceOf(inputs: Values): string {
  return text(objects(inputs, "sources")[0] ?? {}, "privateNetworkId");
}

function rangeIn(values: Values): string {
  return text((values.ipv4Subnet ?? {}) as Values, "subnet");
}

function rangeOf(network: string, state: CloudsState): string {
  return rangeIn(find(state, "scaleway", "privateNetwork", network)?.outputs ?? {});
}

function addressOf(booked: CloudResource | undefined): string {
  return text(booked?.outputs ?? {}, "address");
}

/** The addresses of a private network that are booked, or had without having been booked. */
function taken(network: string, state: CloudsState): readonly string[] {
  const booked = allOf(state, "scaleway", "ipamIp").filter((one) => networkOf(one) === network);
  return [
    ...booked.map(addressOf),
    ...nicsOf(state).flatMap((nic) => (nic.network === network ? nic.address : [])),
  ];
}

/** A server's interface in a private network. */
export interface Nic {
  /** Ids of the server and the network. */
  readonly server: string;
  readonly network: string;
  readonly address: string;
}

/** Every interface in a private network. */
export function nicsOf(state: CloudsState): readonly Nic[] {
  return allOf(state, "scaleway", "privateNic").flatMap(({ inputs, outputs }) =>
    objects(outputs, "privateIps").map((one) => ({
      server: text(inputs, "serverId"),
      network: text(inputs, "privateNetworkId"),
      address: text(one, "address"),
    })),
  );
}
