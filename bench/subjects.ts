/** What is measured: a stack as its file has it, or with other settings. */
export interface Subject {
  readonly name: string;
  readonly stack: string;
  /** Settings that go before those of the file, without the prefix `uap:`. @default none */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A hundred nodes over four clouds: 25 at each, control planes among them. */
const hundred: Subject = {
  name: "hundred",
  stack: "dev5",
  settings: {
    platform: { preset: "minimal" },
    pools: [
      { name: "control", cloud: "hetzner", region: "nbg1", type: "cpx32", count: 3, role: "control-plane" },
      { name: "hetzner", cloud: "hetzner", region: "nbg1", type: "cpx32", count: 22, ingress: true },
      { name: "digitalocean", cloud: "digitalocean", region: "nyc3", type: "s-2vcpu-4gb", count: 25 },
      { name: "aws", cloud: "aws", region: "eu-central-1", type: "t3.large", count: 25 },
      { name: "linode", cloud: "linode", region: "ap-northeast", type: "g6-standard-4", count: 25 },
    ],
  },
};

/** The subjects with these names; a name that is not special is a stack's. */
export function subjects(names: readonly string[]): Subject[] {
  return names.map((name) => (name === hundred.name ? hundred : { name, stack: name }));
}
