/** Settings of a cluster whose nodes are all at one cloud, with these systems. */
export function settingsAt(
  cloud: "hetzner" | "digitalocean" | "aws",
  systems: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { region, type } = places[cloud];
  const pool = { cloud, region, type };
  return {
    "uap:domain": "example.org",
    "uap:acme": { issuer: "self-signed" },
    "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
    "uap:pools": [
      { name: "master", ...pool, role: "control-plane" },
      { name: "worker", ...pool, count: 2 },
    ],
    "uap:platform": { preset: "minimal", systems: { portal: false, ...systems } },
  };
}

const places = {
  hetzner: { region: "nbg1", type: "cpx32" },
  digitalocean: { region: "fra1", type: "s-4vcpu-8gb" },
  aws: { region: "eu-central-1", type: "t3.large" },
} as const;

/** A control plane at Hetzner, which every list of pools begins with. */
export const master = {
  name: "master",
  cloud: "hetzner",
  region: "nbg1",
  type: "cpx32",
  role: "control-plane",
} as const;

/** A configuration with these pools and one more system, without the prefix. */
export function configurationWith(
  pools: readonly object[],
  system: string,
  options: true | object = true,
  others: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    domain: "example.org",
    acme: { issuer: "self-signed" },
    access: { operatorCidrs: ["203.0.113.7/32"] },
    pools,
    platform: { systems: { ...others, [system]: options } },
  };
}
