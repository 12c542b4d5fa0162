import { regions } from "../../../../config/regions.ts";
import { checkOneOf, isInRange, overlap } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import { allOf, find, objects, text, type CloudsState, type Values } from "../../inventory.ts";
import type { Kind, Wish } from "../../kind.ts";
import { freeAddress, isPrivateRange, offsetIn, sizeOf } from "../addresses.ts";
import { byLabel, checkLabel, numeric } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";

const longestLabel = 64;
/** How many addresses the API keeps for itself at each end of a subnet. */
const reserved = 2;
const time = "2026-01-01T00:00:00Z";

export const vpc: Kind = {
  title: titles.vpc,
  id: numeric(200_000),
  unique: byLabel,
  check: ({ inputs }) => {
    checkLabel(inputs, longestLabel, "-");
    checkOneOf("region", text(inputs, "region"), regions.linode);
  },
  outputs: ({ inputs }) => ({ description: text(inputs, "description"), created: time, updated: time }),
  held: ({ id }, state) =>
    interfacesOf(state).some((one) => one.vpc === id)
      ? "has Linodes in its subnets: delete those first."
      : undefined,
  owns: ({ id }, other) => other.kind === "vpcSubnet" && text(other.inputs, "vpcId") === id,
};

export const vpcSubnet: Kind = {
  title: titles.vpcSubnet,
  id: numeric(210_000),
  unique: (inputs) => `${text(inputs, "vpcId")}/${text(inputs, "label")}`,
  check: checkSubnet,
  outputs: () => ({ linodes: [], created: time, updated: time }),
  held: ({ id }, state) =>
    interfacesOf(state).some((one) => one.subnet === id)
      ? "has Linodes in it: delete those first."
      : undefined,
};

function checkSubnet({ inputs, others }: Wish): void {
  mustExist(others, "vpc", inputs.vpcId);
  checkLabel(inputs, longestLabel, "-");
  const range = text(inputs, "ipv4");
  if (!isPrivateRange(range) || overlap(range, "192.168.128.0/17")) {
    throw invalid(
      `"${range}" is not a range for a subnet: it must be private, and 192.168.128.0/17 is Linode's own.`,
    );
  }
  const neighbours = allOf(others, "linode", "vpcSubnet").filter(
    (other) => other.inputs.vpcId === inputs.vpcId,
  );
  if (neighbours.some((other) => overlap(range, text(other.inputs, "ipv4")))) {
    throw conflict(`The range ${range} overlaps with that of another subnet of the VPC.`);
  }
}

/** @throws CloudError when a server cannot have such an interface in its region. */
export function checkInterface(wanted: Values, region: string, others: CloudsState): void {
  checkOneOf("purpose of an interface", text(wanted, "purpose"), ["public", "vlan", "vpc"]);
  if (wanted.purpose !== "vpc") return;
  const subnet = mustExist(others, "vpcSubnet", wanted.subnetId);
  const network = mustExist(others, "vpc", subnet.inputs.vpcId);
  if (text(network.inputs, "region") !== region) {
    throw invalid(
      `The VPC is in ${text(network.inputs, "region")}, the Linode in ${region}: they must be in the same region.`,
    );
  }
  const address = addressOf(wanted);
  const range = text(subnet.inputs, "ipv4");
  if (address === "") return;
  const offset = isInRange(address, range) ? offsetIn(range, address) : 0;
  if (offset < reserved || offset >= sizeOf(range) - reserved) {
    throw invalid(`The address ${address} cannot be had in the subnet ${range}.`);
  }
  if (interfacesOf(others).some((used) => used.subnet === subnet.id && used.address === address)) {
    throw conflict(`The address ${address} is taken by another Linode.`);
  }
}

/** An interface in a VPC. */
export interface VpcInterface {
  /** Ids of the server, the VPC and the subnet. */
  readonly instance: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly address: string;
}

/** Every interface in a VPC. */
export function interfacesOf(state: CloudsState): readonly VpcInterface[] {
  return allOf(state, "linode", "instance").flatMap(({ id, outputs }) =>
    objects(outputs, "interfaces")
      .filter(({ purpose }) => purpose === "vpc")
      .map((one) => ({
        instance: id,
        vpc: text(find(state, "linode", "vpcSubnet", one.subnetId)?.inputs ?? {}, "vpcId"),
        subnet: text(one, "subnetId"),
        address: addressOf(one),
      })),
  );
}

/** The address of a server's interface: the one that it asks for, has already, or else a free one. */
export function interfaceAddress(id: string, wanted: Values, state: CloudsState): string {
  const subnet = text(wanted, "subnetId");
  const inSubnet = interfacesOf(state).filter((one) => one.subnet === subnet);
  const range = text(find(state, "linode", "vpcSubnet", subnet)?.inputs ?? {}, "ipv4");
  return (
    addressOf(wanted) ||
    (inSubnet.find(({ instance }) => instance === id)?.address ??
      freeAddress(
        range,
        reserved,
        inSubnet.map(({ address }) => address),
      ))
  );
}

function addressOf(one: Values): string {
  return text((one.ipv4 ?? {}) as Values, "vpc");
}
