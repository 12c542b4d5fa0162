/** Amazon EC2, IAM and Route 53, as their APIs' documentation describes them. */
import ipaddr from "ipaddr.js";
import {
  checkOneOf,
  checkPattern,
  checkPublicKey,
  checkRange,
  checkUserData,
  isInRange,
  overlap,
} from "../checks.ts";
import { conflict, invalid } from "../cloud-error.ts";
import { keyFingerprint } from "../identifiers.ts";
import { allOf, find, list, text, type CloudResource, type CloudsState } from "../inventory.ts";
import type { CloudRules, Filter, Kind, Opening, Wish } from "../kind.ts";

/** A user-data's limit in bytes, before it is encoded. */
const userDataLimit = 16 * 1024;
/** Instances of a spread group in one zone. */
const spreadLimit = 7;
const instanceTypes =
  /^[a-z]+\d+[a-z]*(-[a-z0-9]+)?\.(nano|micro|small|medium|large|metal|\d*xlarge|metal-\d+xl)$/;
const account = "123456789012";

const prefixed =
  (prefix: string): Kind["id"] =>
  ({ digits }) =>
    `${prefix}-0${digits.slice(0, 16)}`;
const byName: Kind["unique"] = (inputs) => text(inputs, "name");
const named: Kind["id"] = ({ inputs }) => text(inputs, "name");

const kinds: Readonly<Record<string, Kind>> = {
  vpc: {
    title: "VPC",
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
  },
  subnet: {
    title: "subnet",
    id: prefixed("subnet"),
    check: checkSubnet,
    outputs: ({ id }) => ({ arn: arn("ec2", `subnet/${id}`) }),
    held: usedBy("subnetId", ["instance"]),
  },
  internetGateway: {
    title: "internet gateway",
    id: prefixed("igw"),
    unique: (inputs) => text(inputs, "vpcId"),
    check: needs("vpcId", "vpc"),
    held: usedBy("gatewayId", ["route"]),
  },
  routeTable: {
    title: "route table",
    id: prefixed("rtb"),
    check: needs("vpcId", "vpc"),
    held: usedBy("routeTableId", ["routeTableAssociation"]),
    owns: ({ id }, other) => other.kind === "route" && text(other.inputs, "routeTableId") === id,
  },
  route: {
    title: "route",
    id: ({ digits }) => `r-rtb-0${digits.slice(0, 26)}`,
    unique: (inputs) =>
      `${text(inputs, "routeTableId")} ${text(inputs, "destinationCidrBlock")}${text(inputs, "destinationIpv6CidrBlock")}`,
    check: (wish) => {
      needs("routeTableId", "routeTable")(wish);
      needs("gatewayId", "internetGateway")(wish);
    },
  },
  routeTableAssociation: {
    title: "route table association",
    id: prefixed("rtbassoc"),
    unique: (inputs) => text(inputs, "subnetId"),
    check: (wish) => {
      needs("routeTableId", "routeTable")(wish);
      needs("subnetId", "subnet")(wish);
    },
  },
  securityGroup: {
    title: "security group",
    id: prefixed("sg"),
    unique: (inputs) => `${text(inputs, "vpcId")} ${text(inputs, "name")}`,
    check: (wish) => {
      needs("vpcId", "vpc")(wish);
      if (text(wish.inputs, "name").startsWith("sg-"))
        throw invalid('The name of a security group cannot begin with "sg-".');
    },
    outputs: ({ id }) => ({ arn: arn("ec2", `security-group/${id}`) }),
    held: ({ id }, state) =>
      allOf(state, "aws", "instance").some(({ inputs }) => list(inputs, "vpcSecurityGroupIds").includes(id))
        ? "is in use by an instance."
        : undefined,
    owns: ({ id }, other) =>
      /^securityGroup.*Rule$/.test(other.kind) && text(other.inputs, "securityGroupId") === id,
  },
  securityGroupIngressRule: groupRule("ingress rule"),
  securityGroupEgressRule: groupRule("egress rule"),
  keyPair: {
    title: "key pair",
    id: ({ inputs }) => text(inputs, "keyName"),
    unique: (inputs) => text(inputs, "keyName"),
    check: ({ inputs }) => {
      checkPublicKey(inputs);
    },
    outputs: ({ digits, inputs }) => ({
      keyPairId: `key-0${digits.slice(0, 16)}`,
      fingerprint: keyFingerprint(text(inputs, "publicKey")),
    }),
  },
  placementGroup: {
    title: "placement group",
    id: named,
    unique: byName,
    outputs: ({ digits }) => ({ placementGroupId: `pg-0${digits.slice(0, 16)}` }),
    held: (group, state) =>
      allOf(state, "aws", "instance").some(({ inputs }) => inputs.placementGroup === group.id)
        ? "is in use by an instance."
        : undefined,
  },
  role: {
    title: "role",
    id: named,
    unique: byName,
    outputs: ({ id, digits }) => ({
      arn: arn("iam", `role/${id}`),
      uniqueId: `AROA${digits.slice(0, 16).toUpperCase()}`,
    }),
    held: (role, state) =>
      allOf(state, "aws", "instanceProfile").some(({ inputs }) => inputs.role === role.id)
        ? "is in an instance profile."
        : undefined,
  },
  instanceProfile: {
    title: "instance profile",
    id: named,
    unique: byName,
    check: needs("role", "role"),
    outputs: ({ id }) => ({ arn: arn("iam", `instance-profile/${id}`) }),
  },
  instance: {
    title: "instance",
    id: prefixed("i"),
    check: checkInstance,
    outputs: ({ id, address, serial, inputs, state }) => ({
      arn: arn("ec2", `instance/${id}`),
      instanceState: "running",
      publicIp: inputs.associatePublicIpAddress === false ? "" : address,
      privateIp: text(inputs, "privateIp") || freeAddress(state, text(inputs, "subnetId"), serial),
      availabilityZone: text(find(state, "aws", "subnet", inputs.subnetId)?.inputs ?? {}, "availabilityZone"),
    }),
    held: ({ inputs }) =>
      inputs.disableApiTermination === true
        ? "is protected: switch its termination protection off first."
        : undefined,
  },
  zone: { title: "hosted zone", id: ({ digits }) => `Z${digits.slice(0, 20).toUpperCase()}`, unique: byName },
  record: {
    title: "record set",
    id: ({ inputs }) => `${text(inputs, "zoneId")}_${text(inputs, "name")}_${text(inputs, "type")}`,
    unique: (inputs) => `${text(inputs, "zoneId")}_${text(inputs, "name")}_${text(inputs, "type")}`,
    check: ({ inputs, others }) => {
      const zone = mustExist(others, "zone", inputs.zoneId);
      const name = text(inputs, "name").replace(/\.$/, "");
      const suffix = text(zone.inputs, "name");
      if (name !== suffix && !name.endsWith(`.${suffix}`))
        throw invalid(`The record "${name}" is not in the zone ${suffix}.`);
      if (inputs.ttl === undefined) throw invalid("A record set needs a time to live.");
    },
    outputs: ({ inputs }) => ({ fqdn: text(inputs, "name").replace(/\.$/, "") }),
  },
};

function groupRule(title: string): Kind {
  const parts = [
    "securityGroupId",
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "cidrIpv6",
    "referencedSecurityGroupId",
  ];
  return {
    title,
    id: prefixed("sgr"),
    unique: (inputs) => parts.map((part) => text(inputs, part)).join(" "),
    check: ({ inputs, others }) => {
      mustExist(others, "securityGroup", inputs.securityGroupId);
      const peers = [inputs.cidrIpv4, inputs.cidrIpv6, inputs.referencedSecurityGroupId].filter(Boolean);
      if (peers.length !== 1) throw invalid("A rule is for exactly one range or security group.");
      for (const range of [text(inputs, "cidrIpv4"), text(inputs, "cidrIpv6")])
        if (range !== "") checkRange(range);
      checkOneOf("protocol", text(inputs, "ipProtocol"), ["tcp", "udp", "icmp", "icmpv6", "-1"]);
    },
    outputs: ({ digits }) => ({ securityGroupRuleId: `sgr-0${digits.slice(0, 16)}` }),
  };
}

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

function checkInstance({ inputs, others }: Wish): void {
  checkPattern("instance type", text(inputs, "instanceType"), instanceTypes);
  checkPattern("image", text(inputs, "ami"), /^ami-[0-9a-f]{8,17}$/);
  checkUserData(text(inputs, "userData"), userDataLimit);
  const subnet = mustExist(others, "subnet", inputs.subnetId);
  checkAddress(text(inputs, "privateIp"), subnet, others);
  for (const id of list(inputs, "vpcSecurityGroupIds")) {
    const group = mustExist(others, "securityGroup", id);
    if (group.inputs.vpcId !== subnet.inputs.vpcId)
      throw invalid(`The security group ${group.id} is in another VPC.`);
  }
  if (inputs.keyName !== undefined) mustExist(others, "keyPair", inputs.keyName);
  if (inputs.iamInstanceProfile !== undefined)
    mustExist(others, "instanceProfile", inputs.iamInstanceProfile);
  const group = inputs.placementGroup;
  if (group === undefined) return;
  mustExist(others, "placementGroup", group);
  const members = allOf(others, "aws", "instance").filter(
    (other) => other.inputs.placementGroup === group && other.inputs.subnetId === subnet.id,
  );
  if (members.length >= spreadLimit)
    throw invalid(`A spread group takes ${spreadLimit} instances in a zone.`);
}

/** The first four addresses and the last one of a subnet are AWS's own. */
function checkAddress(address: string, subnet: CloudResource, others: CloudsState): void {
  if (address === "") return;
  const range = text(subnet.inputs, "cidrBlock");
  const number = (of: string) =>
    ipaddr.IPv4.parse(of)
      .toByteArray()
      .reduce((sum, byte) => sum * 256 + byte, 0);
  const offset = number(address) - number(ipaddr.IPv4.networkAddressFromCIDR(range).toString());
  const last = number(ipaddr.IPv4.broadcastAddressFromCIDR(range).toString());
  if (!isInRange(address, range) || offset < 4 || number(address) === last) {
    throw invalid(`The address ${address} cannot be had in the subnet ${range}.`);
  }
  const taken = allOf(others, "aws", "instance").some(
    (other) => other.inputs.subnetId === subnet.id && other.outputs.privateIp === address,
  );
  if (taken) throw conflict(`The address ${address} is taken by another instance.`);
}

/** A check that the resource exists that an input names, when it names one. */
function needs(input: string, kind: string): NonNullable<Kind["check"]> {
  return ({ inputs, others }) => {
    if (inputs[input] !== undefined) mustExist(others, kind, inputs[input]);
  };
}

/** A reason to stay: resources of these kinds name it in an input. */
function usedBy(input: string, users: readonly string[]): NonNullable<Kind["held"]> {
  return ({ id }, state) => {
    const user = users.find((kind) => allOf(state, "aws", kind).some(({ inputs }) => inputs[input] === id));
    return user === undefined ? undefined : `has dependencies: a ${kinds[user]?.title ?? user} uses it.`;
  };
}

function mustExist(state: CloudsState, kind: string, id: unknown): CloudResource {
  const found = find(state, "aws", kind, id);
  if (found === undefined) throw invalid(`There is no ${kinds[kind]?.title ?? kind} "${String(id)}".`);
  return found;
}

function freeAddress(state: CloudsState, subnet: string, serial: number): string {
  const [base = "10.0.0.0"] = text(find(state, "aws", "subnet", subnet)?.inputs ?? {}, "cidrBlock").split(
    "/",
  );
  return base.replace(/\d+$/, String(4 + (serial % 250)));
}

function arn(service: string, name: string): string {
  return `arn:aws:${service}::${account}:${name}`;
}

/** Without a rule that opens it, everything is closed. */
function filterOf(instance: CloudResource, state: CloudsState): Filter {
  const groups = list(instance.inputs, "vpcSecurityGroupIds");
  const openings = allOf(state, "aws", "securityGroupIngressRule")
    .filter(({ inputs }) => groups.includes(inputs.securityGroupId))
    .map(({ inputs }) => ({
      protocol: (text(inputs, "ipProtocol") === "-1"
        ? "any"
        : text(inputs, "ipProtocol")) as Opening["protocol"],
      from: Number(inputs.fromPort ?? 0),
      to: Number(inputs.toPort ?? 65_535),
      sources: [
        text(inputs, "cidrIpv4"),
        text(inputs, "cidrIpv6"),
        ...membersOf(inputs.referencedSecurityGroupId, state),
      ].filter((source) => source !== ""),
    }));
  return { openings, filtersPrivate: true };
}

/** The private addresses of the instances in a security group. */
function membersOf(group: unknown, state: CloudsState): readonly string[] {
  return allOf(state, "aws", "instance")
    .filter(({ inputs }) => list(inputs, "vpcSecurityGroupIds").includes(group))
    .map(({ outputs }) => text(outputs, "privateIp"));
}

export const aws: CloudRules = {
  title: "AWS",
  kinds,
  serverKind: "instance",
  zone: { kind: "zone", input: "name" },
  server: ({ id, inputs, outputs }, state) => ({
    name: text((inputs.tags ?? {}) as Record<string, unknown>, "Name") || id,
    region: text(inputs, "region") || text(outputs, "availabilityZone").replace(/[a-z]$/, ""),
    type: text(inputs, "instanceType"),
    publicAddress: text(outputs, "publicIp"),
    privateAddresses: [
      {
        network: `aws/${text(find(state, "aws", "subnet", inputs.subnetId)?.inputs ?? {}, "vpcId")}`,
        address: text(outputs, "privateIp"),
      },
    ],
    userData: text(inputs, "userData"),
  }),
  filter: filterOf,
  records: (state) =>
    allOf(state, "aws", "record").map(({ inputs, outputs }) => ({
      name: text(outputs, "fqdn"),
      type: text(inputs, "type"),
      values: list(inputs, "records").map(String),
    })),
};
