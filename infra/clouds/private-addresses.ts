import type { Pool } from "../../config/sections/pools.ts";

/** Whether the cloud takes private addresses that the program plans: some choose all of them, and on-premises the site does. */
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
