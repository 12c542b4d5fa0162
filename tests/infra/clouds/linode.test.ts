import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { regions } from "../../../config/regions.ts";
import { Linode } from "../../../infra/clouds/linode.ts";
import { describeCloud } from "./cloud-suite.ts";
import {
  cloudArgs,
  inputsByName,
  privateAddressOf,
  publicAddressOf,
  resourcesOf,
  runCloud,
  sshKey,
  type Edits,
} from "./harness.ts";
import { all, isOneOf, matches } from "./sdk-contract.ts";

const controlPlane = {
  name: "cp",
  cloud: "linode",
  region: "jp-osa",
  type: "g6-standard-2",
  role: "control-plane",
};
const workers = {
  name: "work",
  cloud: "linode",
  region: "jp-osa",
  type: "g6-standard-4",
  count: 2,
  ingress: true,
};
const answers = {
  outputs: (type: string, name: string) =>
    type.endsWith(":Instance")
      ? { ipv4s: [publicAddressOf(name)] }
      : type.endsWith(":NetworkingIp")
        ? { address: publicAddressOf(name) }
        : {},
};

const formats = {
  "linode:index/instance:Instance": all(
    isOneOf("region", regions.linode),
    matches("image", /^linode\/[a-z0-9.-]+$/, "an image of Linode's"),
    matches("type", /^g\d-[a-z0-9-]+$/, "a type"),
  ),
  "linode:index/vpc:Vpc": isOneOf("region", regions.linode),
  "linode:index/vpcSubnet:VpcSubnet": matches("ipv4", /^[\d.]+\/\d+$/, "a range"),
  "linode:index/firewall:Firewall": all(
    isOneOf("inboundPolicy", ["ACCEPT", "DROP"]),
    isOneOf("outboundPolicy", ["ACCEPT", "DROP"]),
  ),
};

describeCloud({
  cloud: "linode",
  Component: Linode,
  region: "jp-osa",
  type: "g6-standard-2",
  serverKind: "Instance",
  ignored: ["metadatas", "image", "authorizedKeys", "firewallId", "ipv4s", "interfaces[1].ipv4"],
  answers,
  formats,
  singleFirewall: true,
});

function run(
  pools: readonly Readonly<Record<string, unknown>>[] = [controlPlane, workers],
  edits: Edits = {},
) {
  return runCloud(Linode, cloudArgs(pools, edits), answers);
}

interface Inbound {
  readonly label: string;
  readonly description: string;
  readonly protocol: string;
  readonly ports?: string;
  readonly ipv4s?: readonly string[];
  readonly ipv6s?: readonly string[];
}

function inbounds(inputs: Readonly<Record<string, unknown>> | undefined): readonly Inbound[] {
  return (inputs?.inbounds ?? []) as readonly Inbound[];
}

describe("servers at Linode, beside that", () => {
  it("are ordered with image, key, planned private address and encoded user-data", async () => {
    const args = cloudArgs([controlPlane, workers]);
    const [server] = resourcesOf(await run(), "Instance");
    const { interfaces, firewallId, ...rest } = server?.inputs ?? {};
    assert.deepEqual(rest, {
      authorizedKeys: [sshKey],
      image: "linode/ubuntu26.04",
      ipv4s: [publicAddressOf("cp-1")],
      label: "hc1-cp-1",
      metadatas: [{ userData: Buffer.from("#cloud-config\n# cp-1\n").toString("base64") }],
      region: "jp-osa",
      tags: ["uap", "cluster-hc1"],
      type: "g6-standard-2",
    });
    assert.equal(typeof firewallId, "number");
    const [internet, vpc] = interfaces as Record<string, unknown>[];
    assert.deepEqual(internet, { purpose: "public", primary: true });
    assert.equal(vpc?.purpose, "vpc");
    assert.equal(typeof vpc.subnetId, "number");
    assert.deepEqual(vpc.ipv4, { vpc: args.nodes[0]?.plannedAddress });
  });

  it("tell their public address and the private one, which is planned for a control plane and Linode's choice for a worker", async () => {
    const { addresses } = await run();
    const [planned] = cloudArgs([controlPlane, workers]).nodes;
    assert.ok(planned?.plannedAddress);
    assert.deepEqual(addresses["cp-1"]?.privateIpv4, planned.plannedAddress);
    assert.deepEqual(addresses["work-2"], {
      publicIpv4: publicAddressOf("work-2"),
      privateIpv4: privateAddressOf("work-2"),
    });
  });

  it("share a VPC with the planned range", async () => {
    const result = await run();
    assert.deepEqual(resourcesOf(result, "Vpc")[0]?.inputs, { label: "hc1-linode", region: "jp-osa" });
    const [subnet] = resourcesOf(result, "VpcSubnet");
    assert.equal(subnet?.inputs.ipv4, cloudArgs([controlPlane, workers]).privateCidr);
    assert.equal(typeof subnet.inputs.vpcId, "number");
  });

  it("have labels that the API takes, however long the names are", async () => {
    const name = "a-pool-with-a-very-long-name--that-nobody-would-type-twice";
    const { resources } = await run([controlPlane, { ...workers, name }]);
    const limits: Readonly<Record<string, number>> = { Instance: 64, Vpc: 64, VpcSubnet: 64, Firewall: 32 };
    const labelled = resources.filter(({ inputs }) => "label" in inputs);
    const labels = labelled.map(({ type, inputs }) => {
      const label = String(inputs.label);
      assert.match(label, /^[a-z0-9]+(-[a-z0-9]+)*$/, type);
      assert.ok(label.length >= 3 && label.length <= (limits[type.split(":").at(-1) ?? ""] ?? 0), label);
      return `${type} ${label}`;
    });
    assert.equal(new Set(labels).size, labels.length);
  });

  it("are refused for an architecture that the cloud does not have", async () => {
    const args = cloudArgs([controlPlane]);
    const nodes = args.nodes.map((node) => ({ ...node, arch: "arm64" as const }));
    await assert.rejects(
      runCloud(Linode, { ...args, nodes }, answers),
      (error) =>
        pulumi.RunError.isInstance(error) && error.message.includes("Linode has no servers of arm64"),
    );
  });
});

describe("firewalls at Linode", () => {
  it("drop what no rule lets in, and are one for each server", async () => {
    const result = await run();
    const firewalls = resourcesOf(result, "Firewall");
    assert.deepEqual(
      firewalls.map(({ inputs }) => [inputs.label, inputs.inboundPolicy, inputs.outboundPolicy]),
      ["hc1-cp-1", "hc1-work-1", "hc1-work-2"].map((label) => [label, "DROP", "ACCEPT"]),
    );
    const ids = resourcesOf(result, "Instance").map(({ inputs }) => inputs.firewallId);
    assert.equal(new Set(ids).size, 3);
  });

  it("open to the world only what the rules open, to the nodes that they are for", async () => {
    const open = resourcesOf(await run(), "Firewall").map(({ inputs }) =>
      inbounds(inputs)
        .filter(({ ipv4s = [], ipv6s = [] }) => ipv4s.includes("0.0.0.0/0") || ipv6s.includes("::/0"))
        .map(({ protocol, ports }) => `${protocol} ${ports ?? ""}`)
        .sort(),
    );
    const ingress = ["TCP 443", "TCP 80", "UDP 51820"];
    assert.deepEqual(open, [["UDP 51820"], ingress, ingress]);
  });

  it("write rules as the API has them, families apart", async () => {
    const [firewall] = resourcesOf(await run(), "Firewall");
    const rules = inbounds(firewall?.inputs);
    const ssh = rules.find(({ ports }) => ports === "22");
    assert.deepEqual(ssh?.ipv4s, ["203.0.113.7/32"]);
    assert.deepEqual(ssh.ipv6s, ["2001:db8:7::/48"]);
    assert.ok(rules.some(({ ports }) => ports === "2379-2380"));
    for (const { label, description, protocol, ports } of rules) {
      assert.match(protocol, /^(TCP|UDP|ICMP)$/);
      assert.equal(ports === undefined, protocol === "ICMP");
      assert.ok(label.length >= 3 && label.length <= 32, label);
      assert.ok(description.length <= 100);
    }
    assert.ok(rules.length <= 25);
  });
});

describe("addresses at Linode", () => {
  it("are reserved for control planes that let nodes in, before their firewalls and servers are made", async () => {
    const result = await run([{ ...controlPlane, count: 3 }, workers]);
    const reserved = resourcesOf(result, "NetworkingIp");
    assert.deepEqual(
      reserved.map(({ name, inputs }) => [name, inputs]),
      ["cp-1", "cp-2", "cp-3"].map((name) => [
        `${name}-address`,
        { region: "jp-osa", type: "ipv4", public: true, reserved: true },
      ]),
    );
    for (const { name, inputs } of resourcesOf(result, "Instance"))
      assert.deepEqual(inputs.ipv4s, name.startsWith("cp-") ? [publicAddressOf(name)] : undefined, name);
  });

  it("are Linode's own choice where no rule waits for them", async () => {
    const args = cloudArgs([controlPlane, workers]);
    const firewall = args.firewall.map((rule) => ({
      ...rule,
      sources: rule.sources.filter((source) => typeof source === "string"),
    }));
    const result = await runCloud(Linode, { ...args, firewall }, answers);
    assert.deepEqual(resourcesOf(result, "NetworkingIp"), []);
    assert.equal(result.addresses["cp-1"]?.publicIpv4, publicAddressOf("cp-1"));
  });
});

describe("an edit of the configuration at Linode", () => {
  it("touches only a pool's own servers and firewalls when the pool goes", async () => {
    const first = { ...workers, name: "first" };
    const before = inputsByName(await run([controlPlane, first, workers]));
    const after = inputsByName(await run([controlPlane, workers]));
    const gone = [...before.keys()].filter((key) => !after.has(key));
    assert.equal(gone.length, 4);
    for (const key of gone) assert.match(key, / first-[12](-firewall)?$/);
    // The control plane's firewall lets in those that are there.
    const changed = [...after].filter(([key, inputs]) => inputs !== before.get(key)).map(([key]) => key);
    assert.deepEqual(changed, ["linode:index/firewall:Firewall cp-1-firewall"]);
  });

  it("changes a firewall's rules in place when a pool's ingress changes", async () => {
    const before = await run([controlPlane, { ...workers, ingress: false }, { ...workers, name: "in" }]);
    const after = await run([controlPlane, workers, { ...workers, name: "in" }]);
    const old = inputsByName(before);
    const changed = [...inputsByName(after)].filter(([key, inputs]) => inputs !== old.get(key));
    assert.deepEqual(changed.map(([key]) => key).sort(), [
      "linode:index/firewall:Firewall work-1-firewall",
      "linode:index/firewall:Firewall work-2-firewall",
    ]);
    assert.equal(after.resources.length, before.resources.length);
  });
});
