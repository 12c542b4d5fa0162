import ipaddr from "ipaddr.js";
import { checkPattern, checkPublicKey, checkUserData, isInRange } from "../../checks.ts";
import { conflict, invalid } from "../../cloud-error.ts";
import { keyFingerprint } from "../../identifiers.ts";
import { allOf, find, list, text, type CloudResource, type CloudsState } from "../../inventory.ts";
import type { Kind, SimulatedServer, Wish } from "../../kind.ts";
import { byName } from "../by-name.ts";
import { arn, named, prefixed } from "./identity.ts";
import { chosenAddress } from "./networks.ts";
import { mustExist, titles } from "./titles.ts";

/** A user-data's limit in bytes, before it is encoded. */
const userDataLimit = 16 * 1024;
/** Instances of a spread group in one zone. */
const spreadLimit = 7;
const instanceTypes =
  /^[a-z]+\d+[a-z]*(-[a-z0-9]+)?\.(nano|micro|small|medium|large|metal|\d*xlarge|metal-\d+xl)$/;

export const instance: Kind = {
  title: titles.instance,
  id: prefixed("i"),
  check: checkInstance,
  outputs: ({ id, address, inputs, state }) => ({
    arn: arn("ec2", `instance/${id}`),
    instanceState: "running",
    publicIp: inputs.associatePublicIpAddress === false ? "" : address,
    privateIp:
      text(inputs, "privateIp") ||
      text(find(state, "aws", "instance", id)?.outputs ?? {}, "privateIp") ||
      chosenAddress(state, text(inputs, "subnetId")),
    availabilityZone: text(find(state, "aws", "subnet", inputs.subnetId)?.inputs ?? {}, "availabilityZone"),
  }),
  held: ({ inputs }) =>
    inputs.disableApiTermination === true
      ? "is protected: switch its termination protection off first."
      : undefined,
};

export const keyPair: Kind = {
  title: titles.keyPair,
  id: ({ inputs }) => text(inputs, "keyName"),
  unique: (inputs) => text(inputs, "keyName"),
  check: ({ inputs }) => {
    checkPublicKey(inputs);
  },
  outputs: ({ digits, inputs }) => ({
    keyPairId: `key-0${digits.slice(0, 16)}`,
    fingerprint: keyFingerprint(text(inputs, "publicKey")),
  }),
};

export const placementGroup: Kind = {
  title: titles.placementGroup,
  id: named,
  unique: byName,
  outputs: ({ digits }) => ({ placementGroupId: `pg-0${digits.slice(0, 16)}` }),
  held: (group, state) =>
    allOf(state, "aws", "instance").some(({ inputs }) => inputs.placementGroup === group.id)
      ? "is in use by an instance."
      : undefined,
};

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

/** The instance as any other server. */
export function serverOf(
  { id, inputs, outputs }: CloudResource,
  state: CloudsState,
): Omit<SimulatedServer, "resource"> {
  return {
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
  };
}
