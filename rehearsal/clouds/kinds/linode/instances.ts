import { regions } from "../../../../config/regions.ts";
import { checkOneOf, checkPattern, checkPublicKey, checkUserData } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { list, objects, text } from "../../inventory.ts";
import type { CloudResource, CloudsState, Values } from "../../inventory.ts";
import type { Kind, SimulatedServer, Wish } from "../../kind.ts";
import { byLabel, checkLabel, numeric } from "./identity.ts";
import { checkReserved } from "./networking-ips.ts";
import { mustExist, titles } from "./titles.ts";
import { checkInterface, interfaceAddress, interfacesOf } from "./vpcs.ts";

/** A user-data's limit in bytes, of the text before it is encoded. */
const userDataLimit = 16_384;
/** The official provider is stricter than the API, which takes 64. */
const longestLabel = 50;
const interfaceLimit = 3;
const types =
  /^g[1-9]-(nanode|standard|highmem|dedicated|premium|gpu-[a-z0-9]+|accelerated-[a-z0-9]+)(-[a-z0-9]+)*$/;
const images =
  /^(linode\/(ubuntu2[246]\.04|debian1[123]|fedora\d+|rocky\d+|almalinux\d+|centos-stream\d+)|private\/\d+)$/;

export const instance: Kind = {
  title: titles.instance,
  id: numeric(70_000_000),
  unique: byLabel,
  check: checkInstance,
  outputs: ({ id, address, digits, inputs, state }) => ({
    label: text(inputs, "label") || `linode${id}`,
    ipAddress: text({ reserved: list(inputs, "ipv4s")[0] }, "reserved") || address,
    ipv4s: inputs.ipv4s ?? [address],
    ipv6: `2001:db8:${digits.slice(0, 4)}::f03c:${digits.slice(4, 8)}/128`,
    status: "running",
    hasUserData: userDataOf(inputs) !== "",
    interfaces: objects(inputs, "interfaces").map((one) => ({
      ...one,
      ...(one.purpose === "vpc" && { ipv4: { vpc: interfaceAddress(id, one, state) } }),
    })),
  }),
};

function checkInstance({ inputs, others, before }: Wish): void {
  if (inputs.label !== undefined) checkLabel(inputs, longestLabel);
  const region = text(inputs, "region");
  checkOneOf("region", region, regions.linode);
  checkPattern("type", text(inputs, "type"), types);
  checkPattern("image", text(inputs, "image"), images);
  for (const publicKey of list(inputs, "authorizedKeys")) checkPublicKey({ publicKey });
  checkMetadata(inputs);
  // A firewall is named at the creation alone, and may be gone later on.
  if (before === undefined && inputs.firewallId !== undefined) {
    mustExist(others, "firewall", inputs.firewallId);
  }
  checkReserved(before === undefined ? list(inputs, "ipv4s") : [], region, others);
  const interfaces = objects(inputs, "interfaces");
  if (interfaces.length > interfaceLimit) throw invalid(`A Linode has at most ${interfaceLimit} interfaces.`);
  if (interfaces.filter(({ primary }) => primary === true).length > 1) {
    throw invalid("Only one interface can be the primary one.");
  }
  for (const one of interfaces) checkInterface(one, region, others);
}

function checkMetadata(inputs: Values): void {
  for (const metadata of objects(inputs, "metadatas")) {
    const encoded = text(metadata, "userData");
    if (Buffer.from(encoded, "base64").toString("base64") !== encoded) {
      throw invalid("The user-data is not in base64.");
    }
  }
  checkUserData(userDataOf(inputs), userDataLimit);
}

/** The user-data as the machine gets it. */
function userDataOf(inputs: Values): string {
  const [metadata = {}] = objects(inputs, "metadatas");
  return Buffer.from(text(metadata, "userData"), "base64").toString("utf8");
}

/** A Linode as any other server. */
export function serverOf(
  { id, inputs, outputs }: CloudResource,
  state: CloudsState,
): Omit<SimulatedServer, "resource"> {
  return {
    name: text(outputs, "label"),
    region: text(inputs, "region"),
    type: text(inputs, "type"),
    publicAddress: text(outputs, "ipAddress"),
    privateAddresses: interfacesOf(state)
      .filter(({ instance: owner }) => owner === id)
      .map(({ vpc, address }) => ({ network: `linode/${vpc}`, address })),
    userData: userDataOf(inputs),
  };
}
