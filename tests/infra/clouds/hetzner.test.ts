import { Hetzner } from "../../../infra/clouds/hetzner.ts";
import { regions } from "../../../config/regions.ts";
import { describeCloud } from "./cloud-suite.ts";
import { all, isName, isOneOf, matches } from "./sdk-contract.ts";

describeCloud({
  cloud: "hetzner",
  Component: Hetzner,
  region: "nbg1",
  type: "cpx32",
  serverKind: "Server",
  ignored: ["image", "sshKeys", "userData"],
  answers: {
    outputs: (type) =>
      type === "hcloud:index/server:Server"
        ? { ipv4Address: "198.51.100.1", ipv6Address: "2001:db8:1::1" }
        : {},
  },
  formats: {
    "hcloud:index/server:Server": all(isName, isOneOf("location", regions.hetzner), hasGoodLabels),
    "hcloud:index/network:Network": all(isName, hasGoodLabels),
    "hcloud:index/networkSubnet:NetworkSubnet": all(
      isOneOf("type", ["cloud", "server", "vswitch"]),
      isOneOf("networkZone", ["eu-central", "us-east", "us-west", "ap-southeast"]),
    ),
    "hcloud:index/placementGroup:PlacementGroup": all(isName, isOneOf("type", ["spread"])),
    "hcloud:index/firewall:Firewall": all(isName, hasGoodLabels),
    "hcloud:index/sshKey:SshKey": all(isName, matches("publicKey", /^(ssh|ecdsa|sk)-\S+ \S+$/, "a key")),
  },
  openings: ({ type, inputs }) =>
    type === "hcloud:index/firewall:Firewall"
      ? (inputs.rules as HetznerRule[]).map(({ protocol, port = "", sourceIps }) => ({
          protocol,
          ports: port,
          sources: sourceIps,
        }))
      : [],
});

interface HetznerRule {
  readonly protocol: string;
  readonly port?: string;
  readonly sourceIps: readonly string[];
}

/** Keys like a label's of Kubernetes, values of at most 63 characters. */
function hasGoodLabels(inputs: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(inputs.labels as Record<string, string>)
    .filter(
      ([key, value]) =>
        !/^([a-z0-9.-]{1,253}\/)?[a-zA-Z0-9][\w.-]{0,62}$/.test(key) ||
        !/^([a-zA-Z0-9]([\w.-]{0,61}[a-zA-Z0-9])?)?$/.test(value),
    )
    .map(([key, value]) => `the label ${key}: ${value} is not allowed`);
}
