import assert from "node:assert/strict";
import { canReach, serversOf } from "../../../rehearsal/clouds/index.ts";
import { hardwareOf } from "../../../rehearsal/machines/hardware.ts";
import { scaleway } from "../../../rehearsal/providers/scaleway/provider.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, difference, read, refusals, updated } from "../providers/direct.ts";
import { deleted, openClouds, publicKey, refreshed, type TestClouds } from "./clouds.ts";

const stand = scaleway();
const types = {
  server: "scaleway:instance/server:Server",
  ip: "scaleway:instance/ip:Ip",
  group: "scaleway:instance/securityGroup:SecurityGroup",
  nic: "scaleway:instance/privateNic:PrivateNic",
  vpc: "scaleway:network/vpc:Vpc",
  network: "scaleway:network/privateNetwork:PrivateNetwork",
  privateIp: "scaleway:ipam/ip:Ip",
  key: "scaleway:iam/sshKey:SshKey",
};
const make = (kind: keyof typeof types, inputs: Properties) => created(stand, types[kind], inputs);
const zone = "fr-par-1";
const region = "fr-par";
const server: Properties = {
  zone,
  type: "DEV1-M",
  name: "worker-1",
  image: "ubuntu_noble",
  cloudInit: "#cloud-config\n",
};

describe("the simulated Scaleway", () => {
  let clouds: TestClouds;

  beforeEach(async () => {
    clouds = await openClouds();
  });

  afterEach(() => clouds.stop());

  /** A private network of a VPC. */
  const network = async (subnet = "10.20.0.0/22") => {
    const vpc = await make("vpc", { name: "vpc", region });
    const net = await make("network", { name: "net", region, vpcId: vpc.id, ipv4Subnet: { subnet } });
    return { vpc, net };
  };
  const attach = async (serverId: string, privateNetworkId: string, address?: string) => {
    if (address === undefined) return make("nic", { zone, serverId, privateNetworkId });
    const booked = await make("privateIp", { address, region, sources: [{ privateNetworkId }] });
    return make("nic", { zone, serverId, privateNetworkId, ipamIpIds: [booked.id] });
  };

  it("makes servers that have the addresses which are attached to them", async () => {
    const ip = await make("ip", { zone, type: "routed_ipv4" });
    assert.match(ip.id, /^fr-par-1\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(String(ip.state.address), /^127\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/);
    const made = await make("server", { ...server, ipIds: [ip.id] });
    assert.deepEqual(made.state.publicIps, [{ id: ip.id, address: ip.state.address, family: "inet" }]);
    assert.deepEqual(
      serversOf(clouds.state()).map(({ resource, ...rest }) => [resource.id, rest]),
      [
        [
          made.id,
          {
            name: "worker-1",
            region: zone,
            type: "DEV1-M",
            publicAddress: ip.state.address,
            privateAddresses: [],
            userData: "#cloud-config\n",
            disk: 10e9,
          },
        ],
      ],
    );
    await assert.rejects(
      make("server", { ...server, name: "worker-2", ipIds: [ip.id] }),
      /is attached to the server worker-1/,
    );
    await assert.rejects(make("ip", { zone, type: "nat" }), /no type of IP "nat"/);
    assert.deepEqual((await difference(stand, ip, { zone, type: "routed_ipv6" })).replaces, ["type"]);
    const { address } = (await updated(stand, ip, { zone, type: "routed_ipv4", tags: ["uap"] })).state;
    assert.equal(address, ip.state.address);
  });

  it("gives a server 10 GB of block storage when its order tells nothing of its disk, whatever its type has", async () => {
    const orders = [
      undefined,
      { volumeType: "l_ssd" },
      { volumeType: "l_ssd", sizeInGb: 20 },
      { volumeType: "sbs_volume", sizeInGb: 80 },
    ];
    for (const [index, rootVolume] of orders.entries())
      await make("server", { ...server, name: `worker-${index}`, ...(rootVolume && { rootVolume }) });
    assert.deepEqual(
      serversOf(clouds.state()).map((one) => [one.disk, hardwareOf(one, []).disk]),
      [
        [10e9, 10e9],
        [undefined, 40e9],
        [20e9, 20e9],
        [80e9, 80e9],
      ],
    );
  });

  it("replaces a server for image, place and disk, and changes the rest in place", async () => {
    const kept = await make("server", server);
    for (const change of [
      { image: "debian_trixie" },
      { zone: "fr-par-2" },
      { rootVolume: { volumeType: "l_ssd", sizeInGb: 40 } },
    ]) {
      const { replaces, deleteBeforeReplace } = await difference(stand, kept, { ...server, ...change });
      assert.deepEqual([replaces, deleteBeforeReplace], [Object.keys(change), true]);
    }
    const bigger = { ...server, type: "DEV1-L", tags: ["uap"], cloudInit: "#cloud-config\nruncmd: []\n" };
    assert.deepEqual((await difference(stand, kept, bigger)).replaces, []);
    const after = await updated(stand, kept, bigger);
    assert.equal((await difference(stand, after, bigger)).changes, false);
    assert.equal(serversOf(clouds.state())[0]?.type, "DEV1-L");
  });

  it("refuses what the real one refuses, and says what is wrong", async () => {
    const elsewhere = await make("ip", { zone: "nl-ams-1" });
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ type: "cx21" }, /no type of server "cx21"/],
      [{ zone: "fr-par" }, /no zone "fr-par"/],
      [{ image: "ubuntu-24.04" }, /no image "ubuntu-24.04"/],
      [{ name: "under_score" }, /is not a name for a server/],
      [{ securityGroupId: "none" }, /no security group "none"/],
      [{ ipIds: ["none"] }, /no IP "none"/],
      [{ ipIds: [elsewhere.id] }, /The IP is in nl-ams-1, but must be in fr-par-1/],
      [{ type: "PRO2-XXS", rootVolume: { volumeType: "l_ssd", sizeInGb: 40 } }, /take block storage/],
      [{ rootVolume: { volumeType: "b_ssd", sizeInGb: 40 } }, /no type of volume "b_ssd"/],
      [{ rootVolume: { volumeType: "sbs_volume", sizeInGb: 1 } }, /from 5 to 10000 GB/],
    ];
    for (const [change, message] of refused)
      await assert.rejects(make("server", { ...server, ...change }), message);
    assert.equal(serversOf(clouds.state()).length, 0);
    const tooMuch = { ...server, cloudInit: "x".repeat(127_999), colour: "red" };
    assert.match((await refusals(stand, types.server, tooMuch)).join(), /cloudInit.*colour/);
    await assert.rejects(make("key", { name: "one", publicKey: "hunter2" }), /OpenSSH/);
    await assert.rejects(make("vpc", { name: "vpc", region: "mars" }), /no region "mars"/);
  });

  it("keeps protected servers", async () => {
    const guarded = { ...server, protected: true };
    const kept = await make("server", guarded);
    await assert.rejects(deleted(stand, kept), /worker-1 is protected/);
    await deleted(stand, await updated(stand, kept, server));
    assert.deepEqual(clouds.names(), []);
  });

  it("attaches servers to private networks at addresses that were booked, or that it chooses", async () => {
    const { vpc, net } = await network();
    const one = await make("server", server);
    const two = await make("server", { ...server, name: "worker-2" });
    const nic = await attach(one.id, net.id, "10.20.0.10");
    assert.ok(nic.id.startsWith(`${one.id}/`));
    const chosen = await attach(two.id, net.id);
    const after = await updated(stand, chosen, { ...chosen.inputs, tags: ["uap"] });
    assert.deepEqual(after.state.privateIps, chosen.state.privateIps);
    assert.deepEqual(
      serversOf(clouds.state()).map(({ privateAddresses }) => privateAddresses),
      ["10.20.0.10", "10.20.0.2"].map((address) => [{ network: `scaleway/${net.id}`, address }]),
    );
    const book = (address: string, more: Properties = {}) =>
      make("privateIp", { address, region, sources: [{ privateNetworkId: net.id }], ...more });
    for (const address of ["10.20.0.10", "10.20.0.2"]) {
      await assert.rejects(book(address, { tags: ["uap"] }), /is taken/);
    }
    for (const address of ["10.20.0.1", "10.20.3.255", "10.9.0.5"]) {
      await assert.rejects(book(address), /cannot be had in the private network/);
    }
    await assert.rejects(book("10.20.0.9", { region: "nl-ams" }), /is in fr-par, but must be in nl-ams/);
    await assert.rejects(attach(two.id, net.id, "10.20.0.11"), /is taken/);
    const [bookedId] = nic.inputs.ipamIpIds as readonly [string];
    const other = await make("server", { ...server, name: "worker-3" });
    await assert.rejects(
      make("nic", { zone, serverId: other.id, privateNetworkId: net.id, ipamIpIds: [bookedId] }),
      /in use by another server/,
    );
    const booked = { type: types.privateIp, id: bookedId, inputs: {}, state: {} };
    await assert.rejects(deleted(stand, booked), /in use by a server/);
    await assert.rejects(deleted(stand, net), /in use: detach the servers/);
    await assert.rejects(deleted(stand, vpc), /has private networks/);
    // A server takes its interfaces with it, not the addresses that were booked.
    await deleted(stand, one);
    await deleted(stand, booked);
    assert.deepEqual((await difference(stand, chosen, { ...chosen.inputs, serverId: other.id })).replaces, [
      "serverId",
    ]);
  });

  it("keeps the ranges of a VPC's private networks apart", async () => {
    const { vpc, net } = await network();
    const inVpc = (subnet: string, vpcId = vpc.id) =>
      make("network", { name: "two", region, vpcId, ipv4Subnet: { subnet } });
    await assert.rejects(inVpc("10.20.1.0/24"), /overlaps/);
    await assert.rejects(inVpc("10.0.0.0/8"), /from \/20 to \/29/);
    await assert.rejects(inVpc("203.0.113.0/24"), /must be private/);
    await assert.rejects(inVpc("10.30.0.0/24", "none"), /no VPC "none"/);
    const another = await make("vpc", { name: "another", region });
    await inVpc("10.20.0.0/22", another.id);
    const moved = { ...net.inputs, ipv4Subnet: { subnet: "10.40.0.0/22" } };
    assert.deepEqual((await difference(stand, net, moved)).replaces, ["ipv4Subnet.subnet"]);
    const { state } = await make("network", { name: "free", region });
    assert.match(JSON.stringify(state.ipv4Subnet), /172\.16\.\d+\.0\/22/);
  });

  it("lets in at the public address what the group opens, and all inside the private network", async () => {
    const { net } = await network();
    const inboundRules = [
      { action: "accept", protocol: "TCP", port: 6443, ipRange: "203.0.113.0/24" },
      { action: "accept", protocol: "UDP", portRange: "51820-51821", ipRange: "0.0.0.0/0" },
      { action: "accept", protocol: "ICMP", ipRange: "0.0.0.0/0" },
    ];
    const wall = { zone, name: "wall", inboundDefaultPolicy: "drop", inboundRules };
    const group = await make("group", wall);
    const ips = [await make("ip", { zone }), await make("ip", { zone, tags: ["two"] })] as const;
    const guarded = { ...server, securityGroupId: group.id };
    const kept = await make("server", { ...guarded, ipIds: [ips[0].id] });
    const other = await make("server", { ...server, name: "worker-2", ipIds: [ips[1].id] });
    await attach(kept.id, net.id, "10.20.0.10");
    await attach(other.id, net.id, "10.20.0.11");
    const [one, two] = serversOf(clouds.state());
    assert.ok(one && two);
    const reach = (from: string, port: number, protocol: "tcp" | "udp" | "icmp" = "tcp", to = one) =>
      canReach(from, to.publicAddress, port, protocol, clouds.state()).reached;
    assert.deepEqual(
      [
        reach("203.0.113.7", 6443),
        reach("192.0.2.1", 6443),
        reach("192.0.2.1", 51_821, "udp"),
        reach("192.0.2.1", 0, "icmp"),
        reach("192.0.2.1", 22, "tcp", two),
        canReach(two, "10.20.0.10", 10_250, "tcp", clouds.state()).reached,
      ],
      [true, false, true, true, true, true],
    );
    await assert.rejects(deleted(stand, group), /in use: give its servers another one/);
    const open = { ...wall, inboundDefaultPolicy: "accept" };
    assert.deepEqual((await difference(stand, group, open)).replaces, []);
    await updated(stand, group, open);
    assert.equal(reach("192.0.2.1", 6443), true);
  });

  it("refuses rules that the real one refuses", async () => {
    const rule = { action: "accept", protocol: "TCP", port: 22, ipRange: "192.0.2.0/24" };
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ portRange: "22-23" }, /not both/],
      [{ protocol: "ICMP" }, /A rule for ICMP has no ports/],
      [{ port: 99_999 }, /not a range of ports/],
      [{ action: "drop" }, /no rules that drop/],
      [{ protocol: "tcp" }, /protocol/],
      [{ ipRange: "192.0.2.1" }, /ipRange/],
    ];
    for (const [change, message] of refused) {
      const inboundRules = [{ ...rule, ...change }];
      await assert.rejects(make("group", { zone, name: "wall", inboundRules }), message);
    }
  });

  it("draws names, tells what there is, and what is gone", async () => {
    const check = (news: Properties) =>
      stand.check({
        type: types.key,
        urn: "urn:x::key",
        name: "key",
        olds: undefined,
        news,
        randomSeed: new Uint8Array([1]),
      });
    assert.match(String((await check({ publicKey })).inputs.name), /^key-[0-9a-f]{7}$/);
    const key = await make("key", { name: "key", publicKey });
    assert.deepEqual((await difference(stand, key, { name: "new", publicKey })).replaces, []);
    const kept = await make("server", server);
    const imported = await read(stand, { type: types.server, id: kept.id });
    assert.equal(imported.inputs.cloudInit, "#cloud-config\n");
    await deleted(stand, kept);
    assert.equal(await refreshed(stand, kept), undefined);
  });
});
