import { regions } from "../../../../config/regions.ts";
import { checkOneOf, checkRange, overlap } from "../../checks.ts";
import { invalid } from "../../cloud-error.ts";
import { allOf, find, text, type CloudsState, type Values } from "../../inventory.ts";
import type { Kind } from "../../kind.ts";
import { freeAddress } from "../addresses.ts";
import { byName } from "../by-name.ts";
import { asUuid } from "./identity.ts";
import { titles } from "./titles.ts";

/** The range of a region's own VPC, for droplets that name none. */
const defaultRange = "10.10.0.0/16";
/** How many addresses at the beginning of a VPC are not given to droplets. */
const reserved = 2;

export const vpc: Kind = {
  title: titles.vpc,
  id: asUuid,
  unique: byName,
  check: ({ inputs, others }) => {
    checkOneOf("region", text(inputs, "region"), regions.digitalocean);
    const range = text(inputs, "ipRange");
    if (range === "") return;
    checkRange(range);
    const taken = allOf(others, "digitalocean", "vpc").find((other) =>
      overlap(range, text(other.inputs, "ipRange")),
    );
    if (taken !== undefined) {
      throw invalid(`The range ${range} overlaps with that of the VPC ${text(taken.inputs, "name")}.`);
    }
  },
  outputs: ({ id, serial, inputs }) => ({
    ipRange: text(inputs, "ipRange") || `10.${100 + (serial % 100)}.0.0/20`,
    vpcUrn: `do:vpc:${id}`,
    default: false,
    createdAt: "2026-01-01T00:00:00Z",
  }),
  held: ({ id }, state) =>
    allOf(state, "digitalocean", "droplet").some(({ inputs }) => text(inputs, "vpcUuid") === id)
      ? "still has members: delete its droplets first."
      : undefined,
};

/**
 * DigitalOcean chooses the address in the VPC itself: nobody can ask for one. A droplet keeps it while it is there.
 */
export function privateAddress(id: string, inputs: Values, state: CloudsState): string {
  const vpc = find(state, "digitalocean", "vpc", inputs.vpcUuid);
  const droplets = allOf(state, "digitalocean", "droplet").filter(
    (other) => other.inputs.vpcUuid === inputs.vpcUuid,
  );
  const kept = droplets.find((droplet) => droplet.id === id);
  return (
    text(kept?.outputs ?? {}, "ipv4AddressPrivate") ||
    freeAddress(
      text(vpc?.outputs ?? {}, "ipRange") || defaultRange,
      reserved,
      droplets.map(({ outputs }) => text(outputs, "ipv4AddressPrivate")),
    )
  );
}
