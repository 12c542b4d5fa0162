import { regions } from "../../../../config/regions.ts";
import { checkHostName, checkOneOf, checkPattern } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { list, text, type CloudResource, type Values } from "../../inventory.ts";
import type { Kind, SimulatedServer, Wish } from "../../kind.ts";
import { asUuid, time } from "./identity.ts";
import { systems } from "./systems.ts";
import { mustExist, titles } from "./titles.ts";
import { internalAddress } from "./vpcs.ts";

/** Plans with a shared CPU, high frequency, high performance, optimized and with a GPU. */
const plans = /^(vc2|vhf|vhp|vdc|voc-[a-z]|vx1-[a-z]|vcg)-[a-z0-9.-]+$/;
/** What an instance may be installed from: exactly one of them. */
const sources = ["osId", "imageId", "appId", "isoId", "snapshotId"];

export const instance: Kind = {
  title: titles.instance,
  id: asUuid,
  check: checkInstance,
  outputs: ({ id, address, digits, inputs, state }) => ({
    os: systems.find((system) => system.id === inputs.osId)?.name ?? "",
    mainIp: address,
    internalIp: internalAddress(id, inputs, state),
    v6MainIp: inputs.enableIpv6 === true ? `2001:db8:${digits.slice(0, 4)}:${digits.slice(4, 8)}::1` : "",
    status: "active",
    powerStatus: "running",
    serverStatus: "ok",
    dateCreated: time,
  }),
};

function checkInstance({ inputs, others, before }: Wish): void {
  const region = text(inputs, "region");
  checkOneOf("region", region, regions.vultr);
  checkPattern("plan", text(inputs, "plan"), plans);
  if (inputs.hostname !== undefined) checkHostName(text(inputs, "hostname"));
  checkSource(inputs);
  if (inputs.firewallGroupId !== undefined) mustExist(others, "firewallGroup", inputs.firewallGroupId);
  // Keys are read at the creation alone, and may be gone later on.
  for (const key of before === undefined ? list(inputs, "sshKeyIds") : []) mustExist(others, "sSHKey", key);
  for (const id of list(inputs, "vpcIds")) {
    const network = mustExist(others, "vpc", id);
    if (text(network.inputs, "region") !== region) {
      throw invalid(
        `The VPC is in ${text(network.inputs, "region")}, the instance in ${region}: they must be in the same region.`,
      );
    }
  }
}

function checkSource(inputs: Values): void {
  const given = sources.filter((source) => inputs[source] !== undefined);
  if (given.length !== 1) {
    throw invalid(`An instance is installed from exactly one of ${sources.join(", ")}.`);
  }
  if (inputs.osId !== undefined && !systems.some(({ id }) => id === inputs.osId)) {
    throw invalid(`There is no operating system with the number ${text(inputs, "osId")}.`);
  }
}

/** An instance as any other server. */
export function serverOf({ id, inputs, outputs }: CloudResource): Omit<SimulatedServer, "resource"> {
  return {
    name: text(inputs, "label") || text(inputs, "hostname") || id,
    region: text(inputs, "region"),
    type: text(inputs, "plan"),
    publicAddress: text(outputs, "mainIp"),
    privateAddresses: list(inputs, "vpcIds")
      .slice(0, 1)
      .map((vpc) => ({ network: `vultr/${String(vpc)}`, address: text(outputs, "internalIp") })),
    userData: text(inputs, "userData"),
  };
}
