import { Hetzner, hetznerRules } from "../../../infra/clouds/hetzner.ts";
import type { FirewallRule } from "../../../infra/firewall.ts";
import { regions } from "../../../config/regions.ts";
import assert from "node:assert/strict";
import { describeCloud } from "./cloud-suite.ts";
import { cloudArgs, publicAddressOf, resourcesOf, runCloud } from "./harness.ts";
import { all, isName, isOneOf, matches } from "./sdk-contract.ts";

describeCloud({
  cloud: "hetzner",
  Component: Hetzner,
  region: "nbg1",
  type: "cpx32",
  serverKind: "Server",
  ignored: ["image", "sshKeys", "userData", "firewallIds"],
  answers: {
    outputs: (type, name) =>
      type === "hcloud:index/server:Server"
        ? { ipv4Address: publicAddressOf(name), ipv6Address: "2001:db8:1::1" }
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
});

describe("firewalls at hetzner, beside that", () => {
  const plane = {
    name: "plane",
    cloud: "hetzner",
    region: "nbg1",
    type: "cpx32",
    role: "control-plane",
    ingress: true,
  };

  it("are given to a server at its creation, or find it by its labels", async () => {
    const run = await runCloud(Hetzner, cloudArgs([plane]));
    const [server, ...others] = resourcesOf(run, "Server");
    assert.equal(others.length, 0);
    assert.equal((server?.inputs.firewallIds as number[]).length, 1);
    const labels = server?.inputs.labels as Record<string, string>;
    const attachments = resourcesOf(run, "FirewallAttachment");
    assert.deepEqual(
      attachments.map(({ name }) => name),
      ["hetzner-firewall-control-plane", "hetzner-firewall-ingress"],
    );
    for (const { inputs } of attachments) {
      const [selector = "", ...more] = inputs.labelSelectors as string[];
      assert.equal(more.length, 0);
      for (const term of selector.split(",")) {
        const [key = "", value] = term.split("=");
        assert.equal(labels[key], value, term);
      }
      assert.match(selector, /^uap\.dev\/cluster=hc1,uap\.dev\/network=hetzner,/);
    }
  });

  it("split a rule with more sources than Hetzner takes", () => {
    const ranges = Array.from({ length: 230 }, (_, index) => `198.18.0.${index}/32`);
    const rule: FirewallRule = {
      description: "Kubernetes API",
      protocol: "tcp",
      ports: { from: 6443, to: 6443 },
      sources: ranges,
      target: "control-plane",
    };
    const rules = hetznerRules(rule);
    assert.deepEqual(
      rules.map(({ sourceIps }) => sourceIps.length),
      [100, 100, 30],
    );
    assert.deepEqual(
      rules.flatMap(({ sourceIps }) => sourceIps),
      ranges,
    );
  });
});

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
