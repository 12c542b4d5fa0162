import type { Pool } from "../../config/sections/pools.ts";
import type { NodeBootstrap } from "./node-bootstrap.ts";

/** Parts of the bootstrap script: what it defines, what it calls, and what it adds to k3s' settings; empty where there is nothing to do. */
export interface ProviderIdSteps {
  readonly functions: string;
  readonly call: string;
  readonly setting: string;
}

const nothing: ProviderIdSteps = { functions: "", call: "", setting: "" };

/**
 * How a booting machine tells its kubelet the name by which its cloud's controllers know it. They would look for a server with the node's
 * name otherwise, and servers have the cluster's name before it.
 */
export function providerIdSteps({ node, cluster }: NodeBootstrap): ProviderIdSteps {
  if (!cluster.cloudController) return nothing;
  const commands = providerIdCommands(node.pool.cloud);
  return {
    functions: `find_provider_id() {\n${commands.map((command) => `  ${command} || return 1\n`).join("")}}\n`,
    call: "attempt 30 2 find_provider_id || fail 'the cloud does not tell which server this is'\n  ",
    // The plus sign adds to the list of the configuration file.
    setting: "kubelet-arg+:\n- provider-id=$provider_id\n",
  };
}

/**
 * Commands that set `provider_id`, by the metadata services of the clouds that have a controller.
 *
 * @throws RangeError for a cloud that has none, which the configuration refuses
 */
function providerIdCommands(cloud: Pool["cloud"]): string[] {
  const read = "curl -fsS -m 5";
  const address = "http://169.254.169.254";
  switch (cloud) {
    case "hetzner":
      return [`provider_id=hcloud://$(${read} ${address}/hetzner/v1/metadata/instance-id)`];
    case "digitalocean":
      return [`provider_id=digitalocean://$(${read} ${address}/metadata/v1/id)`];
    case "aws": {
      const ask = `${read} -H "X-aws-ec2-metadata-token: $key" ${address}/latest/meta-data`;
      return [
        `key=$(${read} -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' ${address}/latest/api/token)`,
        `zone=$(${ask}/placement/availability-zone)`,
        `provider_id=aws:///$zone/$(${ask}/instance-id)`,
      ];
    }
    case "vultr":
    case "linode":
    case "scaleway":
    case "on-prem":
      throw new RangeError(`There is no cloud controller for ${cloud}.`);
    default:
      return cloud satisfies never;
  }
}
