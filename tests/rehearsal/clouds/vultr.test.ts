import assert from "node:assert/strict";
import { canReach, resolveName, serversOf } from "../../../rehearsal/clouds/index.ts";
import { vultr } from "../../../rehearsal/providers/vultr/provider.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, difference, read, refusals, updated } from "../providers/direct.ts";
import { deleted, openClouds, publicKey, refreshed, type TestClouds } from "./clouds.ts";

const stand = vultr();
const types = {
  instance: "vultr:index/instance:Instance",
  vpc: "vultr:index/vpc:Vpc",
  group: "vultr:index/firewallGroup:FirewallGroup",
  rule: "vultr:index/firewallRule:FirewallRule",
  key: "vultr:index/sSHKey:SSHKey",
  record: "vultr:index/dnsRecord:DnsRecord",
};
const make = (kind: keyof typeof types, inputs: Properties) => created(stand, types[kind], inputs);
const invoke = async (name: string, args: Properties): Promise<Properties> =>
  (await stand.invoke?.(`vultr:index/${name}:${name}`, args)) ?? {};
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const instance: Properties = {
  region: "fra",
  plan: "vc2-2c-4gb",
  osId: 2284,
  label: "worker-1",
  hostname: "worker-1",
  userData: "#cloud-config\n",
};
const network = { region: "fra", v4Subnet: "10.20.0.0", v4SubnetMask: 24 };

describe("the simulated Vultr", () => {
  let clouds: TestClouds;

  beforeEach(async () => {
    clouds = await openClouds({ zones: ["example.dev"] });
  });

  afterEach(() => clouds.stop());

  it("makes servers of the operating system that is asked for by name", async () => {
    const getOs = (...values: string[]) => invoke("getOs", { filters: [{ name: "name", values }] });
    const { id, family } = await getOs("Ubuntu 26.04 LTS x64");
    assert.equal(family, "ubuntu");
    await assert.rejects(getOs("Ubuntu 4.10"), /No operating system at Vultr fits/);
    await assert.rejects(getOs("Ubuntu 24.04 LTS x64", "Ubuntu 26.04 LTS x64"), /Several operating systems/);
    await assert.rejects(invoke("getOs", {}), /a filter is needed/);
    const made = await make("instance", { ...instance, osId: Number(id) });
    assert.match(made.id, uuid);
    assert.equal(made.state.os, "Ubuntu 26.04 LTS x64");
    assert.deepEqual(
      serversOf(clouds.state()).map(({ resource, ...server }) => [resource.id, server]),
      [
        [
          made.id,
          {
            name: "worker-1",
            region: "fra",
            type: "vc2-2c-4gb",
            publicAddress: made.state.mainIp,
            privateAddresses: [],
            userData: "#cloud-config\n",
          },
        ],
      ],
    );
  });

  it("replaces a server for what is read at its creation, and changes the rest in place", async () => {
    const kept = await make("instance", instance);
    for (const change of [
      { osId: 2136 },
      { region: "ams" },
      { hostname: "worker-2" },
      { userData: "x" },
      { disablePublicIpv4: true },
    ]) {
      const { replaces } = await difference(stand, kept, { ...instance, ...change });
      assert.deepEqual(replaces, Object.keys(change));
    }
    const bigger = { ...instance, plan: "vc2-4c-8gb", label: "worker-9", tags: ["uap"], enableIpv6: true };
    assert.deepEqual((await difference(stand, kept, bigger)).replaces, []);
    const after = await updated(stand, kept, bigger);
    assert.equal(after.state.mainIp, kept.state.mainIp);
    assert.match(String(after.state.v6MainIp), /^2001:db8:/);
    assert.equal((await difference(stand, after, bigger)).changes, false);
  });

  it("refuses what the real one refuses, and says what is wrong", async () => {
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ plan: "cx21" }, /no plan "cx21"/],
      [{ region: "nbg1" }, /no region "nbg1"/],
      [{ osId: 1 }, /no operating system with the number 1/],
      [{ osId: undefined }, /exactly one of osId/],
      [{ snapshotId: "x" }, /exactly one of osId/],
      [{ hostname: "under_score" }, /is not a name for a server/],
      [{ sshKeyIds: ["none"] }, /no SSH key "none"/],
      [{ firewallGroupId: "none" }, /no firewall group "none"/],
      [{ vpcIds: ["none"] }, /no VPC "none"/],
    ];
    for (const [change, message] of refused)
      await assert.rejects(make("instance", { ...instance, ...change }), message);
    assert.deepEqual(clouds.names(), []);
    assert.match((await refusals(stand, types.instance, { ...instance, colour: "red" })).join(), /colour/);
    await assert.rejects(make("key", { name: "one", sshKey: "hunter2" }), /OpenSSH/);
    await assert.rejects(make("vpc", { ...network, region: "mars" }), /no region "mars"/);
    await assert.rejects(make("vpc", { ...network, v4SubnetMask: undefined }), /needs both/);
    await assert.rejects(make("vpc", { ...network, v4Subnet: "203.0.113.0" }), /not a private range/);
  });

  it("puts servers into a VPC of their region, at addresses that it chooses and keeps", async () => {
    const vpc = await make("vpc", network);
    const inside = (hostname: string) => ({ ...instance, hostname, label: hostname, vpcIds: [vpc.id] });
    const first = await make("instance", inside("one"));
    const second = await make("instance", inside("two"));
    const addresses = () => serversOf(clouds.state()).map(({ privateAddresses }) => privateAddresses);
    const expected = ["10.20.0.3", "10.20.0.4"].map((address) => [{ network: `vultr/${vpc.id}`, address }]);
    assert.deepEqual(addresses(), expected);
    assert.equal(second.state.internalIp, "10.20.0.4");
    await updated(stand, second, { ...inside("two"), tags: ["uap"] });
    assert.deepEqual(addresses(), expected);
    await assert.rejects(
      make("instance", { ...inside("far"), region: "ams" }),
      /The VPC is in fra, the instance in ams/,
    );
    await assert.rejects(deleted(stand, vpc), /has instances in it/);
    assert.deepEqual((await difference(stand, vpc, { ...network, v4SubnetMask: 20 })).replaces, [
      "v4SubnetMask",
    ]);
    for (const kept of [first, second, vpc]) await deleted(stand, kept);
    assert.deepEqual(clouds.names(), []);
    const { state } = await make("vpc", { region: "fra" });
    assert.match(`${String(state.v4Subnet)}/${String(state.v4SubnetMask)}`, /^10\.\d+\.96\.0\/20$/);
  });

  it("lets in at the public address what the group's rules open, and all inside the VPC", async () => {
    const vpc = await make("vpc", network);
    const group = await make("group", { description: "workers" });
    const rule = { firewallGroupId: group.id, protocol: "tcp", ipType: "v4", port: "6443" };
    const kept = await make("rule", { ...rule, subnet: "203.0.113.0", subnetSize: 24 });
    await make("rule", { ...rule, protocol: "udp", port: "51820:51821", subnet: "0.0.0.0", subnetSize: 0 });
    await make("rule", { ...rule, protocol: "icmp", port: "", subnet: "0.0.0.0", subnetSize: 0 });
    const guarded = { ...instance, vpcIds: [vpc.id], firewallGroupId: group.id };
    const server = await make("instance", guarded);
    await make("instance", { ...guarded, label: "two", hostname: "two" });
    const [one, two] = serversOf(clouds.state());
    assert.ok(one && two);
    const reach = (from: string, port: number, protocol: "tcp" | "udp" | "icmp" = "tcp") =>
      canReach(from, one.publicAddress, port, protocol, clouds.state()).reached;
    assert.deepEqual(
      [
        reach("203.0.113.7", 6443),
        reach("192.0.2.1", 6443),
        reach("192.0.2.1", 51_821, "udp"),
        reach("192.0.2.1", 0, "icmp"),
      ],
      [true, false, true, true],
    );
    const [inside = { address: "" }] = one.privateAddresses;
    assert.equal(canReach(two, inside.address, 10_250, "tcp", clouds.state()).reached, true);
    await assert.rejects(deleted(stand, group), /in use: unlink its instances first/);
    // A rule never changes: the provider makes another one.
    const wider = { ...rule, subnet: "0.0.0.0", subnetSize: 0 };
    assert.deepEqual((await difference(stand, kept, wider)).replaces, ["subnet", "subnetSize"]);
    await updated(stand, server, { ...instance, vpcIds: [vpc.id] });
    assert.equal(reach("192.0.2.1", 22), true);
    const neighbour = clouds.state().resources.find(({ inputs }) => inputs.label === "two");
    assert.ok(neighbour);
    await deleted(stand, { type: types.instance, id: neighbour.id, inputs: {}, state: {} });
    await deleted(stand, group);
    assert.equal(clouds.state().resources.filter(({ kind }) => kind === "firewallRule").length, 0);
  });

  it("refuses rules that the real one refuses", async () => {
    const group = await make("group", {});
    const rule = {
      firewallGroupId: group.id,
      protocol: "tcp",
      ipType: "v4",
      subnet: "192.0.2.0",
      subnetSize: 24,
      port: "22",
    };
    await make("rule", rule);
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ notes: "again" }, /is taken/],
      [{ firewallGroupId: "none" }, /no firewall group "none"/],
      [{ port: "0x" }, /not a range of ports/],
      [{ port: "" }, /A rule for tcp needs a port/],
      [{ protocol: "icmp" }, /A rule for icmp has no port/],
      [{ ipType: "v6" }, /192\.0\.2\.0\/24 is not one of IPv6/],
      [{ subnetSize: 99 }, /not an address range/],
      [{ protocol: "TCP" }, /protocol/],
    ];
    for (const [change, message] of refused)
      await assert.rejects(make("rule", { ...rule, ...change }), message);
    for (let port = 23; port < 72; port++) await make("rule", { ...rule, port: String(port) });
    await assert.rejects(make("rule", { ...rule, port: "72" }), /at most 50 rules/);
  });

  it("has records in domains that exist", async () => {
    const { domain } = await invoke("getDnsDomain", { domain: "example.dev" });
    await assert.rejects(invoke("getDnsDomain", { domain: "other.dev" }), /no DNS domain "other.dev"/);
    const record = { domain, name: "*.hc1", type: "A", data: "192.0.2.1", ttl: 120 };
    const kept = await make("record", record);
    await make("record", { ...record, data: "192.0.2.2" });
    assert.deepEqual(resolveName("kib.hc1.example.dev", clouds.state()), ["192.0.2.1", "192.0.2.2"]);
    await assert.rejects(make("record", { ...record, ttl: 300 }), /identical record/);
    await assert.rejects(make("record", { ...record, type: "CNAME" }), /beside another/);
    await assert.rejects(make("record", { ...record, domain: "other.dev" }), /no DNS domain "other.dev"/);
    await assert.rejects(make("record", { ...record, name: "x", ttl: 30 }), /below the least/);
    assert.deepEqual((await difference(stand, kept, { ...record, data: "192.0.2.9" })).replaces, []);
    assert.deepEqual((await difference(stand, kept, { ...record, type: "AAAA" })).replaces, ["type"]);
  });

  it("imports all but what it never tells", async () => {
    const key = await make("key", { name: "key", sshKey: publicKey });
    const kept = await make("instance", { ...instance, sshKeyIds: [key.id] });
    assert.equal((await refreshed(stand, kept))?.userData, instance.userData);
    const imported = await read(stand, { type: types.instance, id: kept.id });
    assert.deepEqual([imported.inputs.userData, imported.inputs.sshKeyIds], [undefined, undefined]);
    assert.equal(imported.state.mainIp, kept.state.mainIp);
    await deleted(stand, key);
    await updated(stand, kept, { ...kept.inputs, tags: ["uap"] });
    await deleted(stand, kept);
    assert.equal(await refreshed(stand, kept), undefined);
  });
});
