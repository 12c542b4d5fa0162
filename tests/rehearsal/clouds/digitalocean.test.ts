import assert from "node:assert/strict";
import { canReach, serversOf } from "../../../rehearsal/clouds/index.ts";
import { digitalocean } from "../../../rehearsal/providers/digitalocean/provider.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { created, difference, updated } from "../providers/direct.ts";
import { deleted, openClouds, publicKey, type TestClouds } from "./clouds.ts";

const stand = digitalocean();
const token = (name: string) => `digitalocean:index/${name}:${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const make = (kind: string, inputs: Properties) => created(stand, token(kind), inputs);
const droplet: Properties = {
  name: "master-1",
  size: "s-2vcpu-2gb",
  image: "ubuntu-24-04-x64",
  region: "nyc3",
  userData: "#cloud-config\n",
};
const everywhere = ["0.0.0.0/0", "::/0"];

describe("the simulated DigitalOcean", () => {
  let clouds: TestClouds;

  beforeEach(async () => {
    clouds = await openClouds({ zones: ["example.dev"] });
  });

  afterEach(() => clouds.stop());

  it("makes droplets in a VPC of their region, at addresses that it chooses", async () => {
    const vpc = await make("vpc", { name: "net", region: "nyc3", ipRange: "10.20.0.0/16" });
    const made = await make("droplet", { ...droplet, vpcUuid: vpc.id });
    assert.match(made.id, /^4\d{8}$/);
    assert.match(String(made.state.ipv4AddressPrivate), /^10\.20\.0\.\d+$/);
    assert.equal(serversOf(clouds.state())[0]?.publicAddress, made.state.ipv4Address);
    await assert.rejects(
      make("droplet", { ...droplet, name: "x", region: "fra1", vpcUuid: vpc.id }),
      /same region/,
    );
    await assert.rejects(make("vpc", { name: "two", region: "nyc3", ipRange: "10.20.5.0/24" }), /overlaps/);
    await assert.rejects(deleted(stand, vpc), /still has members/);
    const second = await make("droplet", { ...droplet, name: "master-2", vpcUuid: vpc.id });
    const resized = await updated(stand, second, { ...second.inputs, size: "s-4vcpu-8gb" });
    assert.deepEqual(
      [made, second, resized].map(({ state }) => state.ipv4AddressPrivate),
      ["10.20.0.2", "10.20.0.3", "10.20.0.3"],
    );
    await deleted(stand, second);
    await deleted(stand, made);
    await deleted(stand, vpc);
    assert.deepEqual(clouds.names(), []);
  });

  it("replaces a droplet for image, region, user-data and keys, and resizes it in place", async () => {
    const kept = await make("droplet", droplet);
    for (const change of [
      { image: "debian-13-x64" },
      { region: "fra1" },
      { userData: "x" },
      { sshKeys: ["1"] },
    ]) {
      assert.deepEqual(
        (await difference(stand, kept, { ...droplet, ...change })).replaces,
        Object.keys(change),
      );
    }
    const bigger = { ...droplet, size: "s-4vcpu-8gb", tags: [] };
    assert.deepEqual((await difference(stand, kept, bigger)).replaces, []);
    assert.equal((await updated(stand, kept, bigger)).state.ipv4Address, kept.state.ipv4Address);
  });

  it("refuses what the real one refuses", async () => {
    const refused: readonly (readonly [Properties, RegExp])[] = [
      [{ size: "cx21" }, /no size "cx21"/],
      [{ region: "nbg1" }, /no region "nbg1"/],
      [{ image: "ubuntu-24.04" }, /no image "ubuntu-24.04"/],
      [{ sshKeys: ["1"] }, /no SSH key "1"/],
      [{ userData: "x".repeat(64 * 1024 + 1) }, /more than the limit/],
      [{ vpcUuid: "none" }, /no VPC "none"/],
    ];
    for (const [change, message] of refused)
      await assert.rejects(make("droplet", { ...droplet, ...change }), message);
    await make("sshKey", { name: "one", publicKey });
    await assert.rejects(make("sshKey", { name: "two", publicKey }), /is taken/);
    await assert.rejects(make("firewall", { name: "wall" }), /at least one rule/);
  });

  it("closes tagged droplets but for what is open to ranges and to tags", async () => {
    await make("tag", { name: "cluster" });
    const inboundRules = [
      { protocol: "tcp", portRange: "6443", sourceAddresses: ["203.0.113.0/24"] },
      { protocol: "udp", portRange: "8472", sourceTags: ["cluster"] },
      { protocol: "icmp", sourceAddresses: everywhere },
    ];
    await make("firewall", { name: "wall", tags: ["cluster"], inboundRules });
    const vpc = await make("vpc", { name: "net", region: "nyc3", ipRange: "10.20.0.0/16" });
    const tagged = { ...droplet, tags: ["cluster"], vpcUuid: vpc.id };
    await make("droplet", tagged);
    await make("droplet", { ...tagged, name: "worker-1" });
    await make("droplet", { ...droplet, name: "stranger", vpcUuid: vpc.id });
    const [one, two, stranger] = serversOf(clouds.state());
    assert.ok(one && two && stranger);
    const [inside = { address: "" }] = two.privateAddresses;
    const reach = (
      ...[from, to, port, protocol]: readonly [typeof one | string, string, number, "tcp" | "udp" | "icmp"]
    ) => canReach(from, to, port, protocol, clouds.state()).reached;
    assert.deepEqual(
      [
        reach("203.0.113.7", one.publicAddress, 6443, "tcp"),
        reach("192.0.2.1", one.publicAddress, 6443, "tcp"),
        reach("192.0.2.1", one.publicAddress, 0, "icmp"),
        reach(one, inside.address, 8472, "udp"),
        reach(stranger, inside.address, 8472, "udp"),
        reach(one, inside.address, 10250, "tcp"),
        reach(one, stranger.publicAddress, 22, "tcp"),
      ],
      [true, false, true, true, false, false, true],
    );
  });

  it("has records in domains that exist, several of one name", async () => {
    const record = { domain: "example.dev", name: "*.hc1", type: "A", value: "192.0.2.1", ttl: 60 };
    const kept = await make("dnsRecord", record);
    await make("dnsRecord", { ...record, value: "192.0.2.2" });
    assert.equal(kept.state.fqdn, "*.hc1.example.dev");
    assert.deepEqual((await difference(stand, kept, { ...record, ttl: 300 })).replaces, []);
    await assert.rejects(make("dnsRecord", { ...record, domain: "other.dev" }), /no domain "other.dev"/);
    await assert.rejects(make("dnsRecord", { ...record, ttl: 5 }), /below the least/);
    await assert.rejects(make("dnsRecord", { ...record, type: "CNAME", value: "x." }), /beside another/);
    assert.deepEqual(
      await stand.invoke?.("digitalocean:index/getDomain:getDomain", { name: "example.dev" }),
      { name: "example.dev", id: "example.dev", domainUrn: "do:domain:example.dev", ttl: 1800 },
    );
  });
});
