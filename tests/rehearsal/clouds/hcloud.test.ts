import assert from "node:assert/strict";
import { canReach, serversOf } from "../../../rehearsal/clouds/index.ts";
import { hcloud } from "../../../rehearsal/providers/hcloud/provider.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, difference, read, refusals, updated } from "../providers/direct.ts";
import { deleted, numberOf, openClouds, publicKey, refreshed, type TestClouds } from "./clouds.ts";

const stand = hcloud();
const types = {
  server: "hcloud:index/server:Server",
  network: "hcloud:index/network:Network",
  subnet: "hcloud:index/networkSubnet:NetworkSubnet",
  serverNetwork: "hcloud:index/serverNetwork:ServerNetwork",
  firewall: "hcloud:index/firewall:Firewall",
  attachment: "hcloud:index/firewallAttachment:FirewallAttachment",
  key: "hcloud:index/sshKey:SshKey",
  group: "hcloud:index/placementGroup:PlacementGroup",
  volume: "hcloud:index/volume:Volume",
  rrset: "hcloud:index/zoneRrset:ZoneRrset",
};
const server: Properties = {
  name: "worker-1",
  serverType: "cpx32",
  image: "ubuntu-24.04",
  location: "nbg1",
  userData: "#cloud-config\n",
};

describe("the simulated Hetzner Cloud", () => {
  let clouds: TestClouds;

  beforeEach(async () => {
    clouds = await openClouds({ zones: ["example.dev"] });
  });

  afterEach(() => clouds.stop());

  it("gives each server an id and an address of its own on loopback", async () => {
    const one = await created(stand, types.server, server);
    const two = await created(stand, types.server, { ...server, name: "worker-2" });
    assert.match(one.id, /^\d{8}$/);
    assert.match(String(one.state.ipv4Address), /^127\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/);
    assert.notEqual(one.state.ipv4Address, two.state.ipv4Address);
    assert.deepEqual(
      serversOf(clouds.state()).map(({ name, region, type, userData }) => [name, region, type, userData]),
      [
        ["worker-1", "nbg1", "cpx32", "#cloud-config\n"],
        ["worker-2", "nbg1", "cpx32", "#cloud-config\n"],
      ],
    );
  });

  it("replaces a server for what is read at the first boot, and changes the rest in place", async () => {
    const kept = await created(stand, types.server, server);
    for (const change of [
      { image: "debian-13" },
      { location: "fsn1" },
      { userData: "#cloud-config\nruncmd: []\n" },
      { sshKeys: ["1"] },
    ]) {
      const { replaces = [], deleteBeforeReplace } = await difference(stand, kept, { ...server, ...change });
      assert.deepEqual([replaces, deleteBeforeReplace], [Object.keys(change), true]);
    }
    const bigger = { ...server, serverType: "cpx42", labels: { role: "worker" }, backups: true };
    assert.deepEqual((await difference(stand, kept, bigger)).replaces, []);
    const after = await updated(stand, kept, bigger);
    assert.equal(after.state.ipv4Address, kept.state.ipv4Address);
    assert.equal(serversOf(clouds.state())[0]?.type, "cpx42");
    assert.equal((await difference(stand, after, bigger)).changes, false);
  });

  it("refuses what the real one refuses, and says what is wrong", async () => {
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ serverType: "cx21" }, /There is no server type "cx21"/],
      [{ location: "mars1" }, /There is no location "mars1"/],
      [{ image: "windows" }, /There is no image "windows"/],
      [{ name: "under_score" }, /is not a name for a server/],
      [{ userData: "x".repeat(32 * 1024 + 1) }, /32769 bytes, which is more than the limit of 32768/],
      [{ sshKeys: ["nobody"] }, /There is no SSH key "nobody"/],
      [{ firewallIds: [1] }, /There is no firewall with the id 1/],
      [{ placementGroupId: 7 }, /There is no placement group with the id 7/],
      [{ deleteProtection: true }, /must have the same value/],
    ];
    for (const [change, message] of refused) {
      await assert.rejects(created(stand, types.server, { ...server, ...change }), message);
    }
    assert.deepEqual(clouds.names(), []);
    assert.match((await refusals(stand, types.server, { ...server, colour: "red" })).join(), /colour/);
  });

  it("has a name once, whichever case asks for it", async () => {
    const others = { ...server, serverType: "cpx22" };
    await created(stand, types.server, server);
    await assert.rejects(created(stand, types.server, others), /\(409\): The name "worker-1" is taken/);
    await created(stand, types.key, { name: "one", publicKey });
    await assert.rejects(created(stand, types.key, { name: "two", publicKey }), /in the project already/);
  });

  it("draws a name where none is given, and keeps it", async () => {
    const check = (olds: Properties | undefined, randomSeed: Uint8Array) =>
      stand.check({ type: types.key, urn: "urn:x::key", name: "key", olds, news: { publicKey }, randomSeed });
    const { inputs } = await check(undefined, new Uint8Array([1]));
    assert.match(String(inputs.name), /^key-[0-9a-f]{7}$/);
    assert.equal((await check(inputs, new Uint8Array([2]))).inputs.name, inputs.name);
  });

  it("keeps protected servers", async () => {
    const guarded = { ...server, deleteProtection: true, rebuildProtection: true };
    const kept = await created(stand, types.server, guarded);
    await assert.rejects(deleted(stand, kept), /worker-1 is protected/);
    const { replaces } = await difference(stand, kept, server);
    assert.deepEqual(replaces, []);
    await deleted(stand, await updated(stand, kept, server));
    assert.deepEqual(clouds.names(), []);
  });

  it("attaches servers to subnets at addresses that are free", async () => {
    const networkId = await numberOf(stand, types.network, { name: "net", ipRange: "10.20.0.0/16" });
    const networks = [{ networkId, ip: "10.20.1.2" }];
    await assert.rejects(created(stand, types.server, { ...server, networks }), /no subnet yet/);
    const subnet = { networkId, type: "cloud", networkZone: "eu-central", ipRange: "10.20.1.0/24" };
    await assert.rejects(created(stand, types.subnet, { ...subnet, ipRange: "10.9.0.0/24" }), /not inside/);
    const made = await created(stand, types.subnet, subnet);
    assert.equal(made.state.gateway, "10.20.1.1");
    await created(stand, types.server, { ...server, networks });
    const serverId = await numberOf(stand, types.server, { ...server, name: "worker-2" });
    await assert.rejects(
      created(stand, types.serverNetwork, { serverId, networkId, ip: "10.20.1.2" }),
      /taken/,
    );
    await assert.rejects(
      created(stand, types.serverNetwork, { serverId, networkId, ip: "10.20.2.2" }),
      /no subnet/,
    );
    const joined = await created(stand, types.serverNetwork, {
      serverId,
      subnetId: made.id,
      ip: "10.20.1.3",
    });
    assert.equal(joined.id, `${serverId}-${networkId}`);
    await assert.rejects(deleted(stand, made), /in use/);
    const third = await numberOf(stand, types.server, { ...server, name: "worker-3" });
    const free = await created(stand, types.serverNetwork, { serverId: third, subnetId: made.id });
    assert.equal(free.state.ip, "10.20.1.4");
    const [, two] = serversOf(clouds.state());
    assert.ok(two);
    const closed = await numberOf(stand, types.firewall, { name: "closed" });
    const serverIds = serversOf(clouds.state()).map(({ resource }) => Number(resource.id));
    await created(stand, types.attachment, { firewallId: closed, serverIds });
    assert.equal(canReach("203.0.113.7", two.publicAddress, 6443, "tcp", clouds.state()).reached, false);
    // Hetzner's firewalls stand at the public interface alone.
    assert.deepEqual(canReach(two, "10.20.1.2", 6443, "tcp", clouds.state()), { reached: true });
    assert.equal(canReach("203.0.113.7", "10.20.1.2", 6443, "tcp", clouds.state()).reached, false);
  });

  it("lets in at the public address what a firewall opens, by name, attachment or label", async () => {
    const rules = [
      { direction: "in", protocol: "tcp", port: "6443", sourceIps: ["203.0.113.0/24"] },
      { direction: "in", protocol: "udp", port: "51820-51821", sourceIps: ["0.0.0.0/0", "::/0"] },
    ];
    await assert.rejects(
      created(stand, types.firewall, { name: "bad", rules: [{ ...rules[0], port: "0x" }] }),
      /ports/,
    );
    const sourceIps = Array.from({ length: 101 }, (_, index) => `192.0.2.${index}/32`);
    await assert.rejects(
      created(stand, types.firewall, { name: "bad", rules: [{ ...rules[0], sourceIps }] }),
      /from 1 to 100 ranges of addresses; this one has 101/,
    );
    await assert.rejects(
      created(stand, types.firewall, { name: "bad", rules: Array.from({ length: 51 }, () => rules[0]) }),
      /at most 50 rules/,
    );
    const firewall = await created(stand, types.firewall, { name: "wall", rules });
    const kept = await created(stand, types.server, { ...server, labels: { cluster: "hc1" } });
    const to = String(kept.state.ipv4Address);
    const reach = (from: string, port: number, protocol: "tcp" | "udp" | "icmp" = "tcp") =>
      canReach(from, to, port, protocol, clouds.state()).reached;
    assert.equal(reach("192.0.2.1", 22), true, "without a firewall all is open");

    const attachment = { firewallId: Number(firewall.id), serverIds: [Number(kept.id)] };
    const attached = await created(stand, types.attachment, attachment);
    assert.deepEqual(
      [reach("203.0.113.9", 6443), reach("192.0.2.1", 6443), reach("192.0.2.1", 51_821, "udp")],
      [true, false, true],
    );
    assert.deepEqual(canReach("192.0.2.1", to, 22, "tcp", clouds.state()), {
      reached: false,
      reason: "The firewall of worker-1 does not let 192.0.2.1 in at tcp port 22.",
    });
    await assert.rejects(deleted(stand, firewall), /in use: remove it from its servers first/);
    await updated(stand, attached, { firewallId: Number(firewall.id), labelSelectors: ["cluster=hc1"] });
    assert.equal(reach("192.0.2.1", 22), false);
    await updated(stand, attached, { firewallId: Number(firewall.id), labelSelectors: ["cluster=other"] });
    assert.equal(reach("192.0.2.1", 22), true);
    await deleted(stand, firewall);
  });

  it("holds ten servers in a placement group", async () => {
    const placementGroupId = await numberOf(stand, types.group, { name: "spread", type: "spread" });
    for (let index = 1; index <= 10; index++) {
      await created(stand, types.server, { ...server, name: `worker-${index}`, placementGroupId });
    }
    await assert.rejects(
      created(stand, types.server, { ...server, name: "worker-11", placementGroupId }),
      /at most 10 servers/,
    );
  });

  it("lets volumes grow, but not shrink", async () => {
    const volume = { name: "data", size: 20, location: "nbg1", format: "ext4" };
    const kept = await created(stand, types.volume, volume);
    await updated(stand, kept, { ...volume, size: 30 });
    await assert.rejects(updated(stand, kept, volume), /cannot shrink/);
    assert.deepEqual((await difference(stand, kept, { ...volume, location: "fsn1" })).replaces, ["location"]);
  });

  it("has record sets in zones that exist", async () => {
    const set = {
      zone: "example.dev",
      name: "*.hc1",
      type: "A",
      ttl: 120,
      records: [{ value: "192.0.2.1" }],
    };
    const kept = await created(stand, types.rrset, set);
    assert.equal(kept.id, "example.dev/*.hc1/A");
    await assert.rejects(
      created(stand, types.rrset, { ...set, zone: "other.dev" }),
      /no DNS zone "other.dev"/,
    );
    await assert.rejects(created(stand, types.rrset, { ...set, name: "x", ttl: 10 }), /below the least/);
    assert.deepEqual((await difference(stand, kept, { ...set, ttl: 300 })).replaces, []);
    assert.deepEqual((await difference(stand, kept, { ...set, name: "api" })).replaces, ["name"]);
  });

  it("tells drift at a refresh, and what is gone; imports all but the user-data", async () => {
    const kept = await created(stand, types.server, server);
    assert.equal((await refreshed(stand, kept))?.userData, server.userData);
    const imported = await read(stand, { type: types.server, id: kept.id });
    assert.equal(imported.inputs.userData, undefined);
    assert.equal(imported.state.ipv4Address, kept.state.ipv4Address);
    await deleted(stand, kept);
    assert.equal(await refreshed(stand, kept), undefined);
    await deleted(stand, kept);
  });
});
