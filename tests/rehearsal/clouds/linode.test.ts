import assert from "node:assert/strict";
import { canReach, resolveName, serversOf } from "../../../rehearsal/clouds/index.ts";
import { linode } from "../../../rehearsal/providers/linode/provider.ts";
import { unknownValue, type Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, difference, read, refusals, updated } from "../providers/direct.ts";
import { deleted, openClouds, publicKey, refreshed, type TestClouds } from "./clouds.ts";

const stand = linode();
const token = (name: string) => `linode:index/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const make = (kind: string, inputs: Properties) => created(stand, token(kind), inputs);
const encoded = (text: string) => Buffer.from(text).toString("base64");
const instance: Properties = {
  label: "hc1-worker-1",
  region: "eu-central",
  type: "g6-standard-2",
  image: "linode/ubuntu24.04",
  authorizedKeys: [publicKey],
  metadatas: [{ userData: encoded("#cloud-config\n") }],
};
const rule = { label: "accept-tcp-6443", action: "ACCEPT", protocol: "TCP", ports: "6443" };
const wall = { label: "hc1-worker-1", inboundPolicy: "DROP", outboundPolicy: "ACCEPT" };
const everywhere = { ipv4s: ["0.0.0.0/0"], ipv6s: ["::/0"] };

describe("the simulated Linode", () => {
  let clouds: TestClouds;

  beforeEach(async () => {
    clouds = await openClouds({ zones: ["example.dev"] });
  });

  afterEach(() => clouds.stop());

  /** A VPC with one subnet; answers the subnet's id. */
  const network = async (region = "eu-central") => {
    const vpc = await make("vpc", { label: `net-${region}`, region });
    const subnet = await make("vpcSubnet", { label: "nodes", vpcId: Number(vpc.id), ipv4: "10.20.0.0/24" });
    return { vpc, subnet, subnetId: Number(subnet.id) };
  };
  const inside = (subnetId: number, vpc?: string) => [
    { purpose: "public", primary: true },
    { purpose: "vpc", subnetId, ...(vpc !== undefined && { ipv4: { vpc } }) },
  ];

  it("makes servers that get their user-data decoded", async () => {
    const made = await make("instance", instance);
    assert.match(made.id, /^7\d{7}$/);
    assert.deepEqual(made.state.ipv4s, [made.state.ipAddress]);
    assert.match(String(made.state.ipAddress), /^127\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/);
    assert.equal(made.state.hasUserData, true);
    assert.deepEqual(
      serversOf(clouds.state()).map(({ name, region, type, userData }) => [name, region, type, userData]),
      [["hc1-worker-1", "eu-central", "g6-standard-2", "#cloud-config\n"]],
    );
    const nameless = { ...instance, label: undefined };
    assert.match(String((await make("instance", nameless)).state.label), /^linode7\d{7}$/);
  });

  it("replaces a server for what is read at its creation, and changes the rest in place", async () => {
    const kept = await make("instance", instance);
    for (const change of [{ image: "linode/debian13" }, { firewallId: 1 }, { authorizedKeys: [] }]) {
      const [replaced = ""] = (await difference(stand, kept, { ...instance, ...change })).replaces ?? [];
      assert.ok(replaced.startsWith(Object.keys(change)[0] ?? "?"), replaced);
    }
    const metadatas = [{ userData: encoded("x") }];
    assert.deepEqual((await difference(stand, kept, { ...instance, metadatas })).replaces, [
      "metadatas[0].userData",
    ]);
    const bigger = { ...instance, type: "g6-standard-4", label: "hc1-worker-9", tags: ["uap"] };
    assert.deepEqual((await difference(stand, kept, bigger)).replaces, []);
    const after = await updated(stand, kept, bigger);
    assert.equal(after.state.ipAddress, kept.state.ipAddress);
    assert.equal((await difference(stand, after, bigger)).changes, false);
  });

  it("refuses what the real one refuses, and says what is wrong", async () => {
    const other = { purpose: "public", primary: true };
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ type: "cx21" }, /no type "cx21"/],
      [{ region: "nbg1" }, /no region "nbg1"/],
      [{ image: "ubuntu-24.04" }, /no image "ubuntu-24.04"/],
      [{ label: "under__score" }, /"under__score" is not a label/],
      [{ authorizedKeys: ["hunter2"] }, /OpenSSH/],
      [{ metadatas: [{ userData: "#cloud-config\n" }] }, /not in base64/],
      [{ metadatas: [{ userData: encoded("x".repeat(16_385)) }] }, /more than the limit of 16384/],
      [{ firewallId: 1 }, /no firewall "1"/],
      [{ interfaces: [{ purpose: "vpc", subnetId: 7 }] }, /no subnet "7"/],
      [{ interfaces: [{ purpose: "wan" }] }, /no purpose of an interface "wan"/],
      [{ interfaces: [other, other] }, /Only one interface/],
      [{ interfaces: [other, other, other, other] }, /at most 3 interfaces/],
    ];
    for (const [change, message] of refused) {
      await assert.rejects(make("instance", { ...instance, ...change }), message);
    }
    assert.deepEqual(
      clouds.state().resources.filter(({ kind }) => kind === "instance"),
      [],
    );
    const said = await refusals(stand, token("instance"), {
      ...instance,
      label: "x".repeat(51),
      colour: "red",
    });
    assert.match(said.join(), /label.*colour/);
    await make("instance", instance);
    await assert.rejects(make("instance", { ...instance, tags: ["uap"] }), /"hc1-worker-1" is taken/);
  });

  it("tells in a preview that an address is not known before Linode chose it, and that it stays", async () => {
    const { subnetId } = await network();
    const inputs = { ...instance, interfaces: inside(subnetId) };
    const place = {
      type: token("instance"),
      name: "one",
      urn: "urn:pulumi:test::test::test::one",
      timeout: 0,
    };
    const { state } = await stand.create({ ...place, inputs, preview: true });
    const addressIn = ({ interfaces }: Properties) =>
      (interfaces as { ipv4?: { vpc: string } }[]).map(({ ipv4 }) => ipv4?.vpc);
    assert.deepEqual(addressIn(state), [undefined, unknownValue]);
    const kept = await make("instance", inputs);
    const changed = await stand.update({
      ...place,
      id: kept.id,
      oldInputs: kept.inputs,
      oldState: kept.state,
      newInputs: { ...inputs, tags: ["uap"] },
      ignoreChanges: [],
      preview: true,
    });
    assert.deepEqual(addressIn(changed), [undefined, "10.20.0.2"]);
  });

  it("puts servers into subnets of VPCs in their region, at addresses that are free", async () => {
    const { vpc, subnet, subnetId } = await network();
    const vpcId = Number(vpc.id);
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ ipv4: "10.20.0.128/25" }, /overlaps/],
      [{ ipv4: "192.168.200.0/24" }, /Linode's own/],
      [{ ipv4: "203.0.113.0/24" }, /must be private/],
      [{ vpcId: 1 }, /no VPC "1"/],
      [{ label: "a_b" }, /not a label/],
    ];
    for (const [change, message] of refused) {
      const fine = { label: "two", vpcId, ipv4: "10.30.0.0/24" };
      await assert.rejects(make("vpcSubnet", { ...fine, ...change }), message);
    }
    const at = (vpcAddress: string | undefined, label = "two") =>
      make("instance", { ...instance, label, interfaces: inside(subnetId, vpcAddress) });
    const first = await at("10.20.0.2", "one");
    await assert.rejects(at("10.20.0.2"), /10\.20\.0\.2 is taken/);
    for (const address of ["10.20.0.1", "10.20.0.254", "10.9.0.5"]) {
      await assert.rejects(at(address), /cannot be had in the subnet 10\.20\.0\.0\/24/);
    }
    const second = await at(undefined);
    const changed = await updated(stand, second, { ...second.inputs, tags: ["uap"] });
    assert.deepEqual(
      serversOf(clouds.state()).map(({ privateAddresses }) => privateAddresses),
      ["10.20.0.2", "10.20.0.3"].map((address) => [{ network: `linode/${vpc.id}`, address }]),
    );
    await assert.rejects(
      make("instance", { ...instance, label: "far", region: "us-east", interfaces: inside(subnetId) }),
      /must be in the same region/,
    );
    await assert.rejects(deleted(stand, subnet), /has Linodes in it/);
    await assert.rejects(deleted(stand, vpc), /has Linodes in its subnets/);
    for (const kept of [first, changed, subnet, vpc]) await deleted(stand, kept);
    assert.deepEqual(clouds.names(), []);
  });

  it("lets in what the server's firewall opens, and filters the VPC's traffic too", async () => {
    const { vpc, subnetId } = await network();
    const inbounds = [
      { ...rule, ipv4s: ["203.0.113.0/24", "10.20.0.3/32"] },
      { ...rule, label: "accept-udp", protocol: "UDP", ports: "51820-51821, 8472", ...everywhere },
      { label: "accept-icmp", action: "ACCEPT", protocol: "ICMP", ...everywhere },
    ];
    const firewall = await make("firewall", { ...wall, inbounds });
    const firewallId = Number(firewall.id);
    await make("instance", { ...instance, firewallId, interfaces: inside(subnetId, "10.20.0.2") });
    await make("instance", { ...instance, label: "open", interfaces: inside(subnetId, "10.20.0.3") });
    const [one, open] = serversOf(clouds.state());
    assert.ok(one && open);
    assert.equal(one.privateAddresses[0]?.network, `linode/${vpc.id}`);
    const reach = (
      ...[from, to, port, protocol = "tcp"]: readonly [
        typeof one | string,
        string,
        number,
        ("tcp" | "udp" | "icmp")?,
      ]
    ) => canReach(from, to, port, protocol, clouds.state()).reached;
    const all = () => [
      reach("203.0.113.7", one.publicAddress, 6443),
      reach("192.0.2.1", one.publicAddress, 6443),
      reach("192.0.2.1", one.publicAddress, 8472, "udp"),
      reach("192.0.2.1", one.publicAddress, 51_821, "udp"),
      reach("192.0.2.1", one.publicAddress, 0, "icmp"),
      reach(open, "10.20.0.2", 6443),
      reach(open, "10.20.0.2", 10_250),
      reach(one, "10.20.0.3", 10_250),
    ];
    assert.deepEqual(all(), [true, false, true, true, true, true, false, true]);
    const opened = { ...wall, inbounds, inboundPolicy: "ACCEPT" };
    assert.deepEqual((await difference(stand, firewall, opened)).replaces, []);
    const after = await updated(stand, firewall, opened);
    assert.ok(all().every(Boolean));
    await updated(stand, after, { ...wall, disabled: true });
    assert.ok(all().every(Boolean));
    await updated(stand, after, { ...wall, linodes: [Number(open.resource.id)] });
    assert.equal(reach(one, "10.20.0.3", 10_250), false);
  });

  it("gives a server an address that was reserved for it", async () => {
    const reserved = { region: "eu-central", reserved: true, public: true, type: "ipv4" };
    const ip = await make("networkingIp", reserved);
    const ipv4s = [ip.state.address];
    const kept = await make("instance", { ...instance, ipv4s });
    assert.deepEqual([kept.state.ipv4s, kept.state.ipAddress], [ipv4s, ip.state.address]);
    assert.equal(serversOf(clouds.state())[0]?.publicAddress, ip.state.address);
    const after = await updated(stand, kept, { ...kept.inputs, tags: ["uap"] });
    assert.deepEqual(after.state.ipv4s, ipv4s);
    await assert.rejects(make("instance", { ...instance, label: "two", ipv4s }), /taken by another Linode/);
    await assert.rejects(
      make("instance", { ...instance, label: "two", ipv4s: ["192.0.2.1"] }),
      /not reserved/,
    );
    await assert.rejects(
      make("instance", { ...instance, label: "two", region: "us-east", ipv4s }),
      /not reserved in us-east/,
    );
    await assert.rejects(make("networkingIp", { ...reserved, reserved: false }), /reserved/);
    await assert.rejects(make("networkingIp", { ...reserved, region: "mars" }), /no region "mars"/);
    const replaced = ["ipv4s[0]"];
    assert.deepEqual(
      (await difference(stand, kept, { ...instance, ipv4s: ["192.0.2.1"] })).replaces,
      replaced,
    );
  });

  it("refuses firewalls that the real one refuses", async () => {
    const opening = { ...rule, ...everywhere };
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ label: "no--good" }, /not a label/],
      [{ inbounds: [rule] }, /from 1 to 255 ranges/],
      [{ inbounds: [{ ...opening, ports: "0x" }] }, /not a range of ports/],
      [{ inbounds: [{ ...opening, protocol: "ICMP" }] }, /A rule for ICMP has no ports/],
      [{ inbounds: [{ ...opening, ports: undefined }] }, /A rule for TCP needs ports/],
      [{ inbounds: [{ ...opening, ipv4s: ["10.0.0.0/99"] }] }, /not an address range/],
      [{ inbounds: [{ ...opening, action: "DROP" }] }, /no rules that drop/],
      [{ inbounds: Array.from({ length: 26 }, () => opening) }, /at most 25 rules; these are 26/],
      [{ label: "x".repeat(33) }, /label/],
      [{ inboundPolicy: "drop" }, /inboundPolicy/],
    ];
    for (const [change, message] of refused)
      await assert.rejects(make("firewall", { ...wall, ...change }), message);
  });

  it("has records in domains that exist, and rounds what it does not know", async () => {
    const getDomain = async (query: Properties): Promise<Properties> =>
      (await stand.invoke?.("linode:index/getDomain:getDomain", query)) ?? {};
    const { id, domain } = await getDomain({ domain: "example.dev" });
    assert.deepEqual([typeof id, domain, (await getDomain({ id })).id], ["number", "example.dev", id]);
    await assert.rejects(getDomain({ domain: "other.dev" }), /no domain "other.dev" at Linode/);
    const record = { domainId: id, name: "*.hc1", recordType: "A", target: "192.0.2.1", ttlSec: 120 };
    const kept = await make("domainRecord", record);
    await make("domainRecord", { ...record, target: "192.0.2.2" });
    assert.deepEqual(resolveName("kib.hc1.example.dev", clouds.state()), ["192.0.2.1", "192.0.2.2"]);
    await assert.rejects(make("domainRecord", { ...record, ttlSec: 300 }), /identical record/);
    await assert.rejects(make("domainRecord", { ...record, recordType: "CNAME" }), /beside another/);
    await assert.rejects(make("domainRecord", { ...record, domainId: 1 }), /no domain with the id 1/);
    await assert.rejects(make("domainRecord", { ...record, recordType: "SPF" }), /no type of record "SPF"/);
    assert.deepEqual((await difference(stand, kept, { ...record, target: "192.0.2.9" })).replaces, []);
    assert.deepEqual((await difference(stand, kept, { ...record, recordType: "AAAA" })).replaces, [
      "recordType",
    ]);
    assert.equal((await updated(stand, kept, { ...record, ttlSec: 3000 })).state.ttlSec, 3600);
  });

  it("imports all but what it never tells", async () => {
    const firewall = await make("firewall", wall);
    const kept = await make("instance", { ...instance, firewallId: Number(firewall.id) });
    assert.deepEqual((await refreshed(stand, kept))?.metadatas, instance.metadatas);
    const imported = await read(stand, { type: token("instance"), id: kept.id });
    assert.deepEqual(
      [imported.inputs.metadatas, imported.inputs.authorizedKeys, imported.inputs.firewallId],
      [undefined, undefined, undefined],
    );
    assert.equal(imported.state.ipAddress, kept.state.ipAddress);
    await deleted(stand, firewall);
    await updated(stand, kept, { ...kept.inputs, tags: ["uap"] });
    await deleted(stand, kept);
    assert.equal(await refreshed(stand, kept), undefined);
  });
});
