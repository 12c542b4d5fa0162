import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { contains } from "../../config/addresses.ts";
import { userDataLimit } from "../../infra/bootstrap/cloud-init.ts";
import type { K3sClusterSettings } from "../../infra/k3s-cluster.ts";
import { bootOf } from "../../rehearsal/clouds/boot.ts";
import { valueOf } from "../support/components.ts";
import { publicAddressOf, sshKey } from "./clouds/harness.ts";
import { openingsAt } from "./clouds/openings.ts";
import { build, serverOf, userDataOf, type Built } from "./built-cluster.ts";
import { configurationOf, settingsOf, stacks } from "./settings.ts";

/** What is open at a server to neither the world nor its private network. */
function openToOthers(built: Built, node: string): string[] {
  const { privateCidr } = built.settings.network;
  const openings = openingsAt(serverOf(built, node), built.resources).flatMap(
    ({ protocol, ports, sources }) =>
      sources.map((source) => ({ source, text: `${protocol} ${ports} ${source}` })),
  );
  const others = openings.filter(
    ({ source }) => !source.endsWith("/0") && !(isIpv4(source) && contains(privateCidr, source)),
  );
  return [...new Set(others.map(({ text }) => text))].sort();
}

function isIpv4(range: string): boolean {
  return !range.includes(":");
}

/** The public addresses of the nodes that come to the API from outside, by what the stack is. */
function callersOf({ cluster, settings }: Built): string[] {
  const planned = cluster.nodes.every(({ role, pool }) =>
    role === "control-plane" ? !["digitalocean", "vultr"].includes(pool.cloud) : true,
  );
  if (settings.cluster.network === "flannel" && planned) return [];
  const addresses = cluster.nodes.flatMap(({ name, pool }) =>
    pool.cloud === "on-prem" ? (pool.publicAddress ?? []) : publicAddressOf(name),
  );
  return [...new Set(addresses)];
}

for (const stack of stacks) {
  describe(`the cluster of the stack ${stack}`, () => {
    let built: Awaited<ReturnType<typeof build>>;
    before(async () => {
      built = await build(configurationOf(stack) as unknown as K3sClusterSettings);
    });

    it("orders a server for every node that is not on-premises", () => {
      const wanted = built.cluster.nodes.filter(({ pool }) => pool.cloud !== "on-prem");
      assert.equal(built.cluster.servers.length, wanted.length);
      assert.equal(
        built.resources.map(userDataOf).filter((text) => text !== undefined).length,
        wanted.length,
      );
    });

    it("gives every server user-data that makes it the node that was planned", () => {
      const boots = built.resources.map(userDataOf).filter((text) => text !== undefined);
      const booted = boots.map((text) => {
        assert.ok(Buffer.byteLength(text) <= userDataLimit);
        const boot = bootOf(text);
        assert.ok(boot.joins, boot.joins ? "" : boot.reason);
        return `${boot.plan.nodeName} ${boot.plan.role}`;
      });
      const planned = built.cluster.nodes
        .filter(({ pool }) => pool.cloud !== "on-prem")
        .map(({ name, role }) => `${name} ${role === "control-plane" ? "server" : "agent"}`);
      assert.deepEqual(booted.sort(), planned.sort());
    });

    it("has one server that begins the cluster, and no more", () => {
      const plans = built.resources.flatMap((resource) => {
        const boot = bootOf(userDataOf(resource) ?? "");
        return boot.joins && boot.plan.begins ? [boot.plan.nodeName] : [];
      });
      assert.equal(plans.length, 1);
    });

    it("publishes the API's name, to which the kubeconfig leads", async () => {
      const entries = await valueOf(built.cluster.dns.entries);
      const host = `api.${built.settings.cluster.name}.${built.settings.domain}`;
      assert.ok(
        entries.some(({ name }) => name === host),
        JSON.stringify(entries),
      );
      assert.match(await valueOf(built.cluster.kubeconfig), new RegExp(`server: https://${host}:6443`));
    });

    it("opens nothing to the world but the ingress nodes' web ports, and WireGuard where there is a mesh", () => {
      const { cluster, settings } = built;
      for (const { node } of cluster.servers) {
        const openings = openingsAt(serverOf(built, node.name), built.resources);
        const open = openings.filter(({ sources }) => sources.some((source) => source.endsWith("/0")));
        assert.deepEqual(
          [...new Set(open.map(({ protocol, ports }) => `${protocol} ${ports}`))].sort(),
          [
            ...(node.ingress ? ["tcp 443", "tcp 80"] : []),
            ...(settings.cluster.network === "flannel" ? [] : ["udp 51820"]),
          ],
          node.name,
        );
      }
    });

    it("opens MQTT over TLS to the world at the ingress nodes alone, when the stack exposes Mosquitto", async () => {
      const exposed = await build({
        ...built.settings,
        platform: { systems: { mosquitto: { expose: true } } },
      });
      const open = exposed.cluster.servers.filter(({ node }) =>
        openingsAt(serverOf(exposed, node.name), exposed.resources).some(
          ({ ports, protocol, sources }) =>
            protocol === "tcp" && ports === "8883" && sources.includes("0.0.0.0/0"),
        ),
      );
      const names = exposed.cluster.servers.filter(({ node }) => node.ingress).map(({ node }) => node.name);
      assert.ok(names.length > 0);
      assert.deepEqual(
        open.map(({ node }) => node.name),
        names,
      );
    });

    it("opens to others only SSH and the API to operators, and the API to nodes that come from outside", () => {
      const { cluster, settings } = built;
      const operators = settings.access.operatorCidrs;
      for (const { node } of cluster.servers) {
        const isPlane = node.role === "control-plane";
        const wanted = operators.flatMap((range) => [
          `tcp 22 ${range}`,
          ...(isPlane ? [`tcp 6443 ${range}`] : []),
        ]);
        const nodes = isPlane ? callersOf(built).map((address) => `tcp 6443 ${address}/32`) : [];
        assert.deepEqual(openToOthers(built, node.name), [...wanted, ...nodes].sort(), node.name);
      }
    });

    it("has a seed for every machine on-premises", async () => {
      const machines = built.cluster.nodes.filter(({ pool }) => pool.cloud === "on-prem");
      assert.deepEqual(
        built.cluster.machines.map(({ node }) => node.name).sort(),
        machines.map(({ name }) => name).sort(),
      );
      for (const { files } of built.cluster.machines) {
        assert.deepEqual(Object.keys(await valueOf(files)).sort(), ["join.sh", "meta-data", "user-data"]);
      }
    });
  });
}

/** The cluster of some pools. */
function buildOf(pools: readonly object[], network: string): Promise<Built> {
  return build(settingsOf(pools, { network }) as unknown as K3sClusterSettings);
}

describe("a cluster over all clouds", () => {
  const places: readonly (readonly [cloud: string, region: string, type: string])[] = [
    ["hetzner", "nbg1", "cpx32"],
    ["hetzner", "ash", "cpx31"],
    ["digitalocean", "nyc3", "s-2vcpu-4gb"],
    ["aws", "eu-central-1", "t3.large"],
    ["vultr", "lax", "vc2-2c-4gb"],
    ["linode", "us-east", "g6-standard-2"],
    ["scaleway", "fr-par-1", "DEV1-L"],
  ];
  const workers = places.map(([cloud, region, type]) => ({
    name: `at-${region}`,
    cloud,
    region,
    type,
    count: 2,
  }));

  for (const [cloud, region, type] of places) {
    it(`lets every node in at the API of three control planes at ${cloud}, ${region}`, async () => {
      const planes = { name: "plane", cloud, region, type, role: "control-plane", count: 3 };
      const built = await buildOf([planes, ...workers], "wireguard");
      const nodes = built.cluster.nodes.map(({ name }) => `tcp 6443 ${publicAddressOf(name)}/32`);
      assert.equal(new Set(nodes).size, 17);
      for (const { name, role } of built.cluster.nodes) {
        const open = openToOthers(built, name).filter((text) => !text.endsWith(" 203.0.113.7/32"));
        assert.deepEqual(open, role === "control-plane" ? [...nodes].sort() : [], name);
      }
    });
  }
});

describe("a cluster on one private network", () => {
  const pools = (cloud: string, region: string, type: string) => [
    { name: "plane", cloud, region, type, role: "control-plane", count: 3 },
    { name: "work", cloud, region, type, count: 2 },
  ];

  it("finds its control planes at the private addresses that are planned, and keeps nodes out otherwise", async () => {
    const built = await buildOf(pools("hetzner", "nbg1", "cpx32"), "flannel");
    assert.deepEqual(openToOthers(built, "plane-1"), ["tcp 22 203.0.113.7/32", "tcp 6443 203.0.113.7/32"]);
    const planes = built.cluster.nodes.filter(({ role }) => role === "control-plane");
    assert.deepEqual(serversAskedBy(built, "work-1"), [
      ...planes.map(({ plannedAddress }) => plannedAddress),
      "api.dev.example.org",
    ]);
  });

  for (const network of ["wireguard", "kilo"])
    it(`finds them there with ${network} too, before their names resolve; nodes at other places do not`, async () => {
      const far = { name: "far", cloud: "hetzner", region: "ash", type: "cpx31" };
      const built = await buildOf([...pools("hetzner", "nbg1", "cpx32"), far], network);
      const addressOf = (name: string) =>
        built.cluster.nodes.find((node) => node.name === name)?.plannedAddress;
      assert.deepEqual(serversAskedBy(built, "plane-1"), [
        addressOf("plane-2"),
        addressOf("plane-3"),
        "api.dev.example.org",
      ]);
      assert.deepEqual(serversAskedBy(built, "far-1"), ["api.dev.example.org"]);
    });

  for (const [cloud, region, type] of [
    ["digitalocean", "nyc3", "s-2vcpu-4gb"],
    ["vultr", "lax", "vc2-2c-4gb"],
  ] as const)
    it(`finds them by the API's host at ${cloud}, which chooses private addresses, and lets nodes in`, async () => {
      const built = await buildOf(pools(cloud, region, type), "flannel");
      assert.ok(built.cluster.nodes.every(({ plannedAddress }) => plannedAddress === undefined));
      assert.deepEqual(serversAskedBy(built, "plane-2"), ["api.dev.example.org"]);
      const open = openToOthers(built, "plane-1").filter((text) => !text.endsWith(" 203.0.113.7/32"));
      const nodes = built.cluster.nodes.map(({ name }) => `tcp 6443 ${publicAddressOf(name)}/32`);
      assert.deepEqual(open, nodes.sort());
      assert.deepEqual(openToOthers(built, "work-1"), ["tcp 22 203.0.113.7/32"]);
    });

  function serversAskedBy(built: Built, node: string): readonly string[] {
    const boot = bootOf(userDataOf(serverOf(built, node)) ?? "");
    assert.ok(boot.joins);
    return boot.plan.servers;
  }
});

describe("SSH keys", () => {
  const pools = [
    { name: "plane", cloud: "hetzner", region: "nbg1", type: "cpx32", role: "control-plane" },
    { name: "far", cloud: "hetzner", region: "ash", type: "cpx31" },
    { name: "aws", cloud: "aws", region: "eu-central-1", type: "t3.large" },
  ];
  const operators = ["ada", "grace"].map((name) => `ssh-ed25519 AAAA${"K".repeat(64)} ${name}@example.org`);
  let built: Built;
  before(async () => {
    const settings = settingsOf(pools, { network: "wireguard" }) as unknown as K3sClusterSettings;
    built = await build({ ...settings, access: { ...settings.access, sshKeys: operators } });
  });

  it("of operators are in the user-data of every server, and no password opens one", () => {
    for (const { node } of built.cluster.servers) {
      const userData = parse(userDataOf(serverOf(built, node.name)) ?? "") as Record<string, unknown>;
      assert.deepEqual(userData.ssh_authorized_keys, operators, node.name);
      assert.equal(userData.ssh_pwauth, false, node.name);
    }
  });

  it("of operators are registered nowhere; the cluster's own one is, once in each account", () => {
    const keys = built.resources.filter(({ type }) => /:(SshKey|KeyPair)$/.test(type));
    assert.deepEqual(keys.map(({ type, inputs }) => [type, inputs.name ?? inputs.keyName]).sort(), [
      ["aws:ec2/keyPair:KeyPair", "dev"],
      ["hcloud:index/sshKey:SshKey", "dev"],
    ]);
    for (const { inputs } of keys) assert.equal(inputs.publicKey, sshKey);
  });

  it("have the private half of the cluster's own in its outputs, as a secret", async () => {
    const { sshKey: output } = built.cluster;
    assert.ok(output);
    assert.ok(await pulumi.isSecret(output));
    assert.match(await valueOf(output), /^-----BEGIN OPENSSH PRIVATE KEY-----/);
  });
});

describe("machines on-premises with a public address", () => {
  const size = { cpu: 4, memory: "4Gi", disk: "32Gi" };
  const master = { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx22", role: "control-plane" };
  const site = { cloud: "on-prem", region: "lab", size };
  const records = async (pools: readonly object[]) => {
    const { cluster } = await buildOf([master, ...pools], "kilo");
    const entries = await valueOf(cluster.dns.entries);
    return entries
      .filter(({ name }) => /^(lab|pi)/.test(name))
      .map(({ name, addresses }) => [name, addresses]);
  };

  it("have a DNS record for the gateway alone, whichever pool tells the address", async () => {
    const gateway = { ...site, name: "lab", hosts: ["lab-1", "lab-2"] };
    const hidden = { ...site, name: "pi", hosts: ["pi-1", "pi-2"], behind: "lab-1" };
    const publicAddress = "198.51.100.7";
    const wanted = [["lab-1.dev.example.org", [publicAddress]]];
    assert.deepEqual(await records([{ ...gateway, publicAddress }, hidden]), wanted);
    assert.deepEqual(await records([gateway, { ...hidden, publicAddress }]), wanted);
    assert.deepEqual(
      await records([
        { ...gateway, publicAddress },
        { ...hidden, publicAddress },
      ]),
      wanted,
    );
    assert.deepEqual(await records([gateway, hidden]), []);
  });

  it("have one for a machine that stands alone, and none for several without a gateway", async () => {
    const publicAddress = "198.51.100.7";
    const alone = { ...site, name: "lab", hosts: ["lab-1"], publicAddress };
    assert.deepEqual(await records([alone]), [["lab-1.dev.example.org", [publicAddress]]]);
    assert.deepEqual(await records([{ ...alone, hosts: ["lab-1", "lab-2"] }]), []);
  });
});
