import { checkOneOf, checkPattern, checkRange, isInRange, overlap } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import { allOf, find, text, type CloudsState } from "../../inventory.ts";
import type { Kind, Wish } from "../../kind.ts";
import { addressAt, sizeOf } from "../addresses.ts";
import { account, arn, prefixed } from "./identity.ts";
import { needs, usedBy } from "./references.ts";
import { mustExist, titles } from "./titles.ts";

/** The first addresses of a subnet are AWS' own. */
const ownAddresses = 4;

export const vpc: Kind = {
  title: titles.vpc,
  id: prefixed("vpc"),
  check: ({ inputs }) => {
    checkRange(text(inputs, "cidrBlock"));
    const length = Number(text(inputs, "cidrBlock").split("/")[1]);
    if (length < 16 || length > 28) throw invalid("The range of a VPC is from /16 to /28.");
  },
  outputs: ({ id, digits, inputs }) => ({
    arn: arn("ec2", `vpc/${id}`),
    ipv6CidrBlock:
      inputs.assignGeneratedIpv6CidrBlock === true
        ? `2001:db8:${digits.slice(0, 4)}:${digits.slice(4, 6)}00::/56`
        : "",
  }),
  held: usedBy("vpcId", ["subnet", "securityGroup", "routeTable", "internetGateway"]),
};

export const subnet: Kind = {
  title: titles.subnet,
  id: prefixed("subnet"),
  check: checkSubnet,
  outputs: ({ id }) => ({ arn: arn("ec2", `subnet/${id}`) }),
  held: usedBy("subnetId", ["instance", "subnetCidrReservation"]),
};

/** A part of a subnet from which AWS chooses no address: those that one asks for are given. */
export const subnetCidrReservation: Kind = {
  title: titles.subnetCidrReservation,
  id: prefixed("scr"),
  check: checkReservation,
  outputs: () => ({ ownerId: account }),
};

export const internetGateway: Kind = {
  title: titles.internetGateway,
  id: prefixed("igw"),
  unique: (inputs) => text(inputs, "vpcId"),
  check: needs("vpcId", "vpc"),
  held: usedBy("gatewayId", ["route"]),
};

export const routeTable: Kind = {
  title: titles.routeTable,
  id: prefixed("rtb"),
  check: needs("vpcId", "vpc"),
  held: usedBy("routeTableId", ["routeTableAssociation"]),
  owns: ({ id }, other) => other.kind === "route" && text(other.inputs, "routeTableId") === id,
};

export const route: Kind = {
  title: titles.route,
  id: ({ digits }) => `r-rtb-0${digits.slice(0, 26)}`,
  unique: (inputs) =>
    `${text(inputs, "routeTableId")} ${text(inputs, "destinationCidrBlock")}${text(inputs, "destinationIpv6CidrBlock")}`,
  check: (wish) => {
    needs("routeTableId", "routeTable")(wish);
    needs("gatewayId", "internetGateway")(wish);
  },
};

export const routeTableAssociation: Kind = {
  title: titles.routeTableAssociation,
  id: prefixed("rtbassoc"),
  unique: (inputs) => text(inputs, "subnetId"),
  check: (wish) => {
    needs("routeTableId", "routeTable")(wish);
    needs("subnetId", "subnet")(wish);
  },
};

function checkSubnet({ inputs, others }: Wish): void {
  const vpc = mustExist(others, "vpc", inputs.vpcId);
  const range = text(inputs, "cidrBlock");
  checkRange(range);
  if (!isInRange(range.split("/")[0] ?? "", text(vpc.inputs, "cidrBlock"))) {
    throw invalid(`The subnet ${range} is not inside the VPC's range ${text(vpc.inputs, "cidrBlock")}.`);
  }
  checkPattern("availability zone", text(inputs, "availabilityZone"), /^[a-z]{2}-[a-z]+-\d[a-z]$/);
  const neighbours = allOf(others, "aws", "subnet").filter((other) => other.inputs.vpcId === inputs.vpcId);
  if (neighbours.some((other) => overlap(range, text(other.inputs, "cidrBlock")))) {
    throw conflict(`The range ${range} overlaps with that of another subnet.`);
  }
}

function checkReservation({ inputs, others }: Wish): void {
  const subnet = mustExist(others, "subnet", inputs.subnetId);
  const range = text(inputs, "cidrBlock");
  checkRange(range);
  checkOneOf("type of reservation", text(inputs, "reservationType"), ["explicit", "prefix"]);
  if (!isInRange(range.split("/")[0] ?? "", text(subnet.inputs, "cidrBlock"))) {
    throw invalid(`The range ${range} is not inside the subnet ${text(subnet.inputs, "cidrBlock")}.`);
  }
  if (reservedIn(subnet.id, others).some((reserved) => overlap(range, reserved))) {
    throw conflict(`The range ${range} overlaps with that of another reservation.`);
  }
}

function reservedIn(subnet: string, state: CloudsState): readonly string[] {
  return allOf(state, "aws", "subnetCidrReservation")
    .filter(({ inputs }) => inputs.subnetId === subnet)
    .map(({ inputs }) => text(inputs, "cidrBlock"));
}

/** AWS chooses addresses anywhere in a subnet but in what is reserved: here from the end, where nobody else would begin. */
export function chosenAddress(state: CloudsState, subnet: string): string {
  const range = text(find(state, "aws", "subnet", subnet)?.inputs ?? {}, "cidrBlock");
  const reserved = reservedIn(subnet, state);
  const taken = allOf(state, "aws", "instance")
    .filter(({ inputs }) => inputs.subnetId === subnet)
    .map(({ outputs }) => outputs.privateIp);
  for (let offset = sizeOf(range) - 2; offset >= ownAddresses; offset--) {
    const address = addressAt(range, offset);
    if (!taken.includes(address) && !reserved.some((part) => isInRange(address, part))) return address;
  }
  throw conflict(`The subnet ${range} has no address left that is not reserved.`);
}
