import { regions } from "../../../../config/regions.ts";
import { checkHostName, checkOneOf, checkPattern, checkUserData } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { uuid } from "../../identifiers.ts";
import { allOf, list, text, type CloudResource } from "../../inventory.ts";
import type { Kind, SimulatedServer, Wish } from "../../kind.ts";
import { numeric } from "./identity.ts";
import { mustExist, titles } from "./titles.ts";
import { privateAddress } from "./vpcs.ts";

/** A user-data's limit in bytes. */
const userDataLimit = 64 * 1024;
const sizes =
  /^(s|c|c2|g|gd|m|m3|m6|so|so1_5)-\d+(vcpu-\d+(gb|mb)(-\d+gb)?)?(-amd|-intel)?(-\d+gb)?$|^(c|c2)-\d+$|^gpu-/;
const images =
  /^(ubuntu-2[24]-04-x64|ubuntu-26-04-x64|debian-1[123]-x64|fedora-\d+-x64|rockylinux-\d+-x64|almalinux-\d+-x64|centos-stream-\d+-x64|\d+)$/;

export const droplet: Kind = {
  title: titles.droplet,
  id: numeric(400_000_000),
  check: checkDroplet,
  outputs: ({ id, address, digits, inputs, state }) => ({
    ipv4Address: address,
    ipv4AddressPrivate: privateAddress(id, inputs, state),
    ipv6Address: inputs.ipv6 === true ? `2001:db8:d0:${digits.slice(0, 4)}::1` : "",
    vpcUuid:
      text(inputs, "vpcUuid") ||
      uuid(`${text(inputs, "region")}${"0".repeat(32)}`.replace(/[^0-9a-f]/g, "0")),
    dropletUrn: `do:droplet:${id}`,
    status: "active",
    locked: false,
    createdAt: "2026-01-01T00:00:00Z",
  }),
  owns: ({ id }, other) => other.kind === "volumeAttachment" && text(other.inputs, "dropletId") === id,
};

function checkDroplet({ inputs, others, before }: Wish): void {
  checkHostName(text(inputs, "name"));
  checkPattern("size", text(inputs, "size"), sizes);
  const region = text(inputs, "region");
  checkOneOf("region", region, regions.digitalocean);
  checkPattern("image", text(inputs, "image"), images);
  checkUserData(text(inputs, "userData"), userDataLimit);
  for (const key of before === undefined ? list(inputs, "sshKeys") : []) {
    const keys = allOf(others, "digitalocean", "sshKey");
    if (!keys.some(({ id, outputs }) => id === String(key) || outputs.fingerprint === key)) {
      throw invalid(`There is no SSH key "${String(key)}".`);
    }
  }
  if (inputs.vpcUuid === undefined) return;
  const vpc = mustExist(others, "vpc", inputs.vpcUuid);
  if (text(vpc.inputs, "region") !== region) {
    throw invalid(
      `The VPC is in ${text(vpc.inputs, "region")}, the droplet in ${region}: they must be in the same region.`,
    );
  }
}

/** The droplet as any other server. */
export function serverOf({ inputs, outputs }: CloudResource): Omit<SimulatedServer, "resource"> {
  return {
    name: text(inputs, "name"),
    region: text(inputs, "region"),
    type: text(inputs, "size"),
    publicAddress: text(outputs, "ipv4Address"),
    privateAddresses: [
      { network: `digitalocean/${text(outputs, "vpcUuid")}`, address: text(outputs, "ipv4AddressPrivate") },
    ],
    userData: text(inputs, "userData"),
  };
}
