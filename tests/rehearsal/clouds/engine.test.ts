import assert from "node:assert/strict";
import * as cloudflare from "@pulumi/cloudflare";
import * as digitalocean from "@pulumi/digitalocean";
import * as hcloud from "@pulumi/hcloud";
import { secret } from "@pulumi/pulumi";
import { TestEngine } from "../providers/engine.ts";
import { openClouds, publicKey, type TestClouds } from "./clouds.ts";

interface Edit {
  readonly size?: string;
  readonly image?: string;
  readonly protect?: boolean;
  readonly workers?: number;
}

/** A small cluster over two clouds and a DNS service. */
function cluster({ size = "cpx22", image = "ubuntu-24.04", protect = false, workers = 2 }: Edit = {}) {
  return async () => {
    const key = new hcloud.SshKey("key", { publicKey });
    const network = new hcloud.Network("network", { ipRange: "10.20.0.0/16" });
    const networkId = network.id.apply(Number);
    const subnet = new hcloud.NetworkSubnet("subnet", {
      networkId,
      type: "cloud",
      networkZone: "eu-central",
      ipRange: "10.20.0.0/16",
    });
    const rules = [{ direction: "in", protocol: "tcp", port: "22", sourceIps: ["203.0.113.0/24"] }];
    const firewall = new hcloud.Firewall("firewall", { rules });
    const servers = Array.from({ length: workers }, (_, index) => {
      const name = `worker-${index + 1}`;
      const server = new hcloud.Server(name, {
        name,
        serverType: size,
        image,
        location: "nbg1",
        sshKeys: [key.id],
        firewallIds: [firewall.id.apply(Number)],
        userData: secret("#cloud-config\n# t0psecret"),
        deleteProtection: protect,
        rebuildProtection: protect,
      });
      new hcloud.ServerNetwork(name, {
        serverId: server.id.apply(Number),
        subnetId: subnet.id,
        ip: `10.20.0.${index + 10}`,
      });
      return server;
    });
    const droplet = new digitalocean.Droplet("master", {
      name: "master",
      region: "nyc3",
      size: "s-2vcpu-2gb",
      image: "ubuntu-24-04-x64",
    });
    const { zoneId } = await cloudflare.getZone({ filter: { name: "example.dev" } });
    new cloudflare.DnsRecord("api", {
      zoneId,
      name: "api.example.dev",
      type: "A",
      ttl: 120,
      content: droplet.ipv4Address,
    });
    return { addresses: servers.map(({ ipv4Address }) => ipv4Address) };
  };
}

const workers = ["worker-1", "worker-2"];

describe("the simulated clouds under the real engine", () => {
  let clouds: TestClouds;
  let engine: TestEngine;

  before(async () => {
    clouds = await openClouds({
      zones: ["example.dev"],
      faults: [
        { cloud: "hcloud", operation: "create", kind: "server", status: 429, times: 1, retryAfter: 0 },
        { cloud: "hcloud", operation: "create", kind: "server", name: "worker-2", status: 412, times: 1 },
      ],
    });
    engine = await TestEngine.open({ UAP_CLOUDS_URL: clouds.url });
  });

  after(async () => {
    await engine.close();
    await clouds.stop();
  });

  it("makes a cluster in two runs when a server is sold out in the first", async () => {
    await assert.rejects(engine.up(cluster()), /"worker-2" was not created \(412\): The type is sold out/);
    const { changes, outputs, said } = await engine.up(cluster());
    assert.deepEqual(
      changes.create?.filter((name) => name === "worker-2"),
      ["worker-2", "worker-2"],
    );
    const count = (kind: string) =>
      clouds.state().resources.filter((resource) => resource.kind === kind).length;
    assert.deepEqual(
      [count("server"), count("serverNetwork"), count("droplet"), count("dnsRecord")],
      [2, 2, 1, 1],
    );
    assert.deepEqual(
      outputs.addresses,
      workers.map(
        (name) => clouds.state().resources.find(({ inputs }) => inputs.name === name)?.outputs.ipv4Address,
      ),
    );
    assert.doesNotMatch(said + (await engine.state()), /t0psecret/);
  });

  it("then has nothing to do, nor to refresh", async () => {
    assert.deepEqual((await engine.up(cluster())).changes, {});
    const { changes, said } = await engine.refresh();
    assert.deepEqual(Object.keys(changes), ["refresh"]);
    assert.doesNotMatch(said, /update/);
    assert.deepEqual((await engine.preview(cluster())).changes, {});
  });

  it("resizes servers in place, and replaces them for another image one name at a time", async () => {
    const bigger = { size: "cpx32" };
    assert.deepEqual((await engine.up(cluster(bigger))).changes, { update: workers });
    const before = clouds.state().resources.filter(({ kind }) => kind === "server");
    const { changes } = await engine.up(cluster({ ...bigger, image: "debian-13" }));
    assert.deepEqual([...new Set(changes["delete-replaced"])], workers);
    const after = clouds.state().resources.filter(({ kind }) => kind === "server");
    assert.equal(after.length, 2);
    assert.ok(after.every(({ id }) => before.every((old) => old.id !== id)));
  });

  it("keeps protected servers, takes away the others, and leaves nothing behind", async () => {
    const settled = { size: "cpx32", image: "debian-13" };
    await engine.up(cluster({ ...settled, protect: true }));
    await assert.rejects(
      engine.up(cluster({ ...settled, protect: true, workers: 1 })),
      /worker-2 is protected/,
    );
    await engine.up(cluster(settled));
    await engine.destroy();
    assert.deepEqual(clouds.names(), []);
  });
});
