import type { SimulatedCloud } from "../inventory.ts";
import type { CloudRules } from "../kind.ts";
import { aws } from "./aws/index.ts";
import { cloudflare } from "./cloudflare.ts";
import { digitalocean } from "./digitalocean/index.ts";
import { hcloud } from "./hcloud/index.ts";
import { linode } from "./linode/index.ts";
import { scaleway } from "./scaleway/index.ts";
import { vultr } from "./vultr/index.ts";

/** The rules of every cloud. */
export const rules: Readonly<Record<SimulatedCloud, CloudRules>> = {
  hcloud,
  digitalocean,
  cloudflare,
  aws,
  linode,
  vultr,
  scaleway,
};
