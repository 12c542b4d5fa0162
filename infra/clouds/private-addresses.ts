import type { Pool } from "../../config/sections/pools.ts";
import type { ServerNode } from "./cloud.ts";

/** Whether servers get the private addresses that the program plans: some clouds choose them, and on-premises the site does. */
export function takesPlannedAddresses(cloud: Pool["cloud"]): boolean {
  switch (cloud) {
    case "hetzner":
    case "aws":
    case "linode":
    case "scaleway":
      return true;
    case "digitalocean":
    case "vultr":
    case "on-prem":
      return false;
    default:
      return cloud satisfies never;
  }
}

/**
 * The private address of a node at a cloud that takes planned ones.
 *
 * @throws RangeError when none is planned, which is the caller's mistake.
 */
export function plannedAddress({ name, privateAddress }: ServerNode): string {
  if (privateAddress === undefined) throw new RangeError(`No private address is planned for ${name}.`);
  return privateAddress;
}
