import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { regions } from "../../../config/regions.ts";
import { Vultr } from "../../../infra/clouds/vultr.ts";
import { describeCloud } from "./cloud-suite.ts";
import { cloudArgs, inputsByName, publicAddressOf, resourcesOf, runCloud, type Edits } from "./harness.ts";
import { all, isName, isOneOf, matches } from "./sdk-contract.ts";

const controlPlane = {
  name: "cp",
  cloud: "vultr",
  region: "lax",
  type: "vc2-2c-4gb",
  role: "control-plane",
};
const workers = { name: "work", cloud: "vultr", region: "lax", type: "vc2-2c-4gb", count: 2, ingress: true };
const answers = {
  outputs: (type: string, name: string) =>
    type.endsWith(":Instance") ? { mainIp: publicAddressOf(name), internalIp: "10.20.0.77" } : {},
  functions: { "vultr:index/getOs:getOs": { id: "2284" } },
};

const formats = {
  "vultr:index/instance:Instance": all(
    isOneOf("region", regions.vultr),
    matches("hostname", /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "a host name"),
    matches("plan", /^[a-z0-9]+-[a-z0-9-]+$/, "a plan"),
  ),
  "vultr:index/vpc:Vpc": all(isOneOf("region", regions.vultr), matches("v4Subnet", /^[\d.]+$/, "an address")),
  "vultr:index/firewallRule:FirewallRule": all(
    isOneOf("protocol", ["icmp", "tcp", "udp", "gre", "esp", "ah"]),
    isOneOf("ipType", ["v4", "v6"]),
    matches("port", /^\d+(:\d+)?$/, "a port or two with a colon"),
  ),
  "vultr:index/sSHKey:SSHKey": all(isName, matches("sshKey", /^(ssh|ecdsa|sk)-\S+ \S+$/, "a key")),
};

describeCloud({
  cloud: "vultr",
  Component: Vultr,
  region: "lax",
  type: "vc2-2c-4gb",
  serverKind: "Instance",
  ignored: ["userData", "osId", "sshKeyIds", "hostname"],
  answers,
  formats,
  singleFirewall: true,
});

function run(
  pools: readonly Readonly<Record<string, unknown>>[] = [controlPlane, workers],
  edits: Edits = {},
) {
  return runCloud(Vultr, cloudArgs(pools, edits), answers);
}

describe("servers at Vultr, beside that", () => {
  it("are ordered with image, network, firewall, key and user-data in clear", async () => {
    const servers = resourcesOf(await run(), "Instance");
    assert.deepEqual(
      servers.map(({ name }) => name),
      ["cp-1", "work-1", "work-2"],
    );
    const [server] = servers;
    const { vpcIds, firewallGroupId, sshKeyIds, ...rest } = server?.inputs ?? {};
    assert.deepEqual(rest, {
      activationEmail: false,
      hostname: "cp-1",
      label: "cp-1",
      osId: 2284,
      plan: "vc2-2c-4gb",
      region: "lax",
      tags: ["uap", "cluster-hc1"],
      userData: "#cloud-config\n# cp-1\n",
    });
    assert.match(String(firewallGroupId), /^\d+$/);
    assert.equal((vpcIds as string[]).length, 1);
    assert.equal((sshKeyIds as string[]).length, 1);
  });

  it("tell the private address that Vultr gave them", async () => {
    const { addresses } = await run();
    assert.deepEqual(addresses["cp-1"], { publicIpv4: publicAddressOf("cp-1"), privateIpv4: "10.20.0.77" });
  });

  it("share a VPC with the planned range", async () => {
    const [vpc, ...others] = resourcesOf(await run(), "Vpc");
    const { v4Subnet, v4SubnetMask, ...rest } = vpc?.inputs ?? {};
    assert.equal(others.length, 0);
    assert.deepEqual(rest, { region: "lax", description: "hc1-vultr" });
    assert.equal(
      `${String(v4Subnet)}/${String(v4SubnetMask)}`,
      cloudArgs([controlPlane, workers]).privateCidr,
    );
  });

  it("are refused for an architecture that the cloud does not have", async () => {
    const args = cloudArgs([controlPlane]);
    const nodes = args.nodes.map((node) => ({ ...node, arch: "arm64" as const }));
    await assert.rejects(
      runCloud(Vultr, { ...args, nodes }, answers),
      (error) => pulumi.RunError.isInstance(error) && error.message.includes("Vultr has no servers of arm64"),
    );
  });
});

describe("firewalls at Vultr", () => {
  it("open to the world only what the rules open, to the nodes that they are for", async () => {
    const rules = resourcesOf(await run(), "FirewallRule");
    const open = rules.filter(({ inputs }) => inputs.subnetSize === 0).map(({ name }) => name);
    assert.deepEqual(open, [
      "vultr-firewall-control-plane-udp-51820-0.0.0.0/0",
      "vultr-firewall-control-plane-udp-51820-::/0",
      "vultr-firewall-worker-ingress-tcp-443-0.0.0.0/0",
      "vultr-firewall-worker-ingress-tcp-443-::/0",
      "vultr-firewall-worker-ingress-tcp-80-0.0.0.0/0",
      "vultr-firewall-worker-ingress-tcp-80-::/0",
      "vultr-firewall-worker-ingress-udp-51820-0.0.0.0/0",
      "vultr-firewall-worker-ingress-udp-51820-::/0",
    ]);
    const api = rules.filter(({ inputs }) => inputs.port === "6443" && inputs.subnet === "203.0.113.7");
    assert.deepEqual(
      api.map(({ name }) => name),
      ["vultr-firewall-control-plane-tcp-6443-203.0.113.7/32"],
    );
  });

  it("write rules as the API has them", async () => {
    const rules = resourcesOf(await run(), "FirewallRule");
    for (const { name, inputs } of rules) {
      assert.match(String(inputs.protocol), /^(tcp|udp|icmp)$/, name);
      assert.equal(inputs.ipType, String(inputs.subnet).includes(":") ? "v6" : "v4", name);
      if (inputs.protocol === "icmp") assert.equal(inputs.port, undefined, name);
      else assert.match(String(inputs.port), /^\d+(:\d+)?$/, name);
    }
    assert.ok(rules.some(({ inputs }) => inputs.port === "2379:2380"));
    // The API refuses more in one group.
    const groups = Map.groupBy(rules, ({ inputs }) => inputs.firewallGroupId);
    for (const [, members] of groups) assert.ok(members.length <= 50);
  });
});

describe("a mesh of many nodes at Vultr", () => {
  it("is refused before anything is made when a firewall group would have more rules than the API takes", async () => {
    const many = (count: number) => run([controlPlane, { ...workers, count }]);
    const groups = Map.groupBy(
      resourcesOf(await many(38), "FirewallRule"),
      ({ inputs }) => inputs.firewallGroupId,
    );
    assert.equal(Math.max(...[...groups.values()].map(({ length }) => length)), 50);
    await assert.rejects(
      many(39),
      (error) =>
        pulumi.RunError.isInstance(error) &&
        /the firewall group of the kind control-plane would have 51 rules, .* Vultr takes 50\. Put/.test(
          error.message,
        ),
    );
  });
});

describe("an edit of the configuration at Vultr", () => {
  it("touches only a pool's own servers and their rules when the pool goes", async () => {
    const first = { ...workers, name: "first" };
    const before = inputsByName(await run([controlPlane, first, workers]));
    const after = inputsByName(await run([controlPlane, workers]));
    const gone = [...before.keys()].filter((key) => !after.has(key));
    assert.deepEqual(gone.sort(), [
      "vultr:index/firewallRule:FirewallRule vultr-firewall-control-plane-tcp-6443-first-1",
      "vultr:index/firewallRule:FirewallRule vultr-firewall-control-plane-tcp-6443-first-2",
      "vultr:index/instance:Instance first-1",
      "vultr:index/instance:Instance first-2",
    ]);
    for (const [key, inputs] of after) assert.equal(inputs, before.get(key), key);
  });
});
