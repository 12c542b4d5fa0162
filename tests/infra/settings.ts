import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseConfiguration } from "../../config/configuration.ts";
import type { Configuration } from "../../config/configuration.ts";
import { ConfigurationError } from "../../config/problems.ts";
import type { NodeSettings } from "../../infra/cluster-node.ts";
import { planNodes } from "../../infra/nodes.ts";
import { catalogue, type Catalogue } from "../../platform/catalogue.ts";

/** A control plane, which every list of pools needs. */
export const master = {
  name: "master",
  cloud: "hetzner",
  region: "nbg1",
  type: "cpx22",
  role: "control-plane",
} as const;

/** The configuration of a cluster with these pools; by default a full WireGuard mesh, which any pools can have. */
export function settingsOf(
  pools: readonly object[],
  { network = "wireguard", privateCidr = "10.20.0.0/16" } = {},
): NodeSettings {
  const raw = {
    domain: "example.org",
    acme: { email: "ops@example.org" },
    access: { operatorCidrs: ["203.0.113.7/32"] },
    cluster: { network },
    network: { privateCidr },
    pools,
  };
  return parseConfiguration(raw, catalogue, { stack: "dev" });
}

/** The project's stacks whose clusters the program creates. */
export const stacks = ["gitlab", "dev1", "dev2", "dev5", "eth", "hc1", "c2", "aws"] as const;

/** The configuration of one of these stacks. */
export function configurationOf(stack: (typeof stacks)[number]): Configuration<Catalogue> {
  const file = join(import.meta.dirname, "..", "..", `Pulumi.${stack}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  const raw = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^uap:/, ""), value]),
  );
  return parseConfiguration(raw, catalogue, { stack });
}

/** The mistakes for which planning is refused, each as one line; fails the test when it is not. */
export function refusedNodes(settings: NodeSettings): string[] {
  try {
    planNodes(settings, { stack: "dev" });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ path, value, reason, fix }) => `${path} ${value} ${reason} ${fix}`);
  }
  throw new Error("The pools were accepted.");
}
