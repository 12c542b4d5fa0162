import type { SimulatedCloud } from "../inventory.ts";
import type { CloudRules } from "../kind.ts";
import { aws } from "./aws.ts";
import { cloudflare } from "./cloudflare.ts";
import { digitalocean } from "./digitalocean.ts";
import { hcloud } from "./hcloud.ts";

/** The rules of every cloud. */
export const rules: Readonly<Record<SimulatedCloud, CloudRules>> = {
  hcloud,
  digitalocean,
  cloudflare,
  aws,
};
