import { regions } from "../../../../config/regions.ts";
import { checkOneOf } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import {
  allOf,
  find,
  list,
  text,
  type CloudResource,
  type CloudsState,
  type Values,
} from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { freeAddress, isPrivateRange } from "../addresses.ts";
import { asUuid, time } from "./identity.ts";
import { titles } from "./titles.ts";

/** How many addresses at the beginning of a VPC are not given to instances. */
const reserved = 3;

export const vpc: Kind = {
  title: titles.vpc,
  id: asUuid,
  check: ({ inputs }) => {
    checkOneOf("region", text(inputs, "region"), regions.vultr);
    const [subnet, mask] = [inputs.v4Subnet, inputs.v4SubnetMask];
    if ((subnet === undefined) !== (mask === undefined)) {
      throw invalid("The subnet of a VPC needs both its first address and the length of its mask.");
    }
    if (
      subnet !== undefined &&
      !isPrivateRange(`${text(inputs, "v4Subnet")}/${text(inputs, "v4SubnetMask")}`)
    ) {
      throw invalid(`"${text(inputs, "v4Subnet")}/${text(inputs, "v4SubnetMask")}" is not a private range.`);
    }
  },
  outputs: ({ serial, inputs }) => ({
    v4Subnet: text(inputs, "v4Subnet") || `10.${serial % 250}.96.0`,
    v4SubnetMask: Number(inputs.v4SubnetMask ?? 20),
    dateCreated: time,
  }),
  held: ({ id }, state) =>
    membersOf(id, state).length > 0 ? "has instances in it: delete those first." : undefined,
};

function membersOf(vpc: string, state: CloudsState): readonly CloudResource[] {
  return allOf(state, "vultr", "instance").filter(({ inputs }) => list(inputs, "vpcIds").includes(vpc));
}

/** Vultr chooses the address in the first VPC itself: nobody can ask for one. An instance keeps it while it is there. */
export function internalAddress(id: string, inputs: Values, state: CloudsState): string {
  const network = find(state, "vultr", "vpc", list(inputs, "vpcIds")[0]);
  if (network === undefined) return "";
  const members = membersOf(network.id, state);
  const kept = members.find((member) => member.id === id);
  return (
    text(kept?.outputs ?? {}, "internalIp") ||
    freeAddress(
      `${text(network.outputs, "v4Subnet")}/${text(network.outputs, "v4SubnetMask")}`,
      reserved,
      members.map(({ outputs }) => text(outputs, "internalIp")),
    )
  );
}
