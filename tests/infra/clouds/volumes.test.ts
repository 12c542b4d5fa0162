import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "@pulumi/command/local/command.js";
import { Aws } from "../../../infra/clouds/aws.ts";
import { DigitalOcean } from "../../../infra/clouds/digitalocean.ts";
import { Hetzner } from "../../../infra/clouds/hetzner.ts";
import { openClouds, type TestClouds } from "../../rehearsal/clouds/clouds.ts";
import { TestEngine } from "../../rehearsal/providers/engine.ts";
import { matchesSnapshot } from "../../support/snapshot.ts";
import { cloudArgs, graphText, resourcesOf, runCloud, type CloudClass } from "./harness.ts";
import { all, isName, matches, sdkComplaints } from "./sdk-contract.ts";

interface VolumeCase {
  readonly cloud: "hetzner" | "digitalocean" | "aws";
  readonly Component: CloudClass;
  readonly region: string;
  readonly type: string;
  /** What the simulated cloud calls its server. */
  readonly server: string;
  /** The input of an attachment that names the server. */
  readonly serverInput: string;
  readonly size: string;
}

const cases: readonly VolumeCase[] = [
  {
    cloud: "hetzner",
    Component: Hetzner,
    region: "nbg1",
    type: "cpx32",
    server: "server",
    serverInput: "serverId",
    size: "10Gi",
  },
  {
    cloud: "digitalocean",
    Component: DigitalOcean,
    region: "fra1",
    type: "s-2vcpu-4gb",
    server: "droplet",
    serverInput: "dropletId",
    size: "1Gi",
  },
  {
    cloud: "aws",
    Component: Aws,
    region: "eu-central-1",
    type: "t3.large",
    server: "instance",
    serverInput: "instanceId",
    size: "1Gi",
  },
];

/** A control plane without a volume, and two workers with one each. */
function poolsOf({ cloud, region, type }: VolumeCase, worker: Readonly<Record<string, unknown>>) {
  const common = { cloud, region, type };
  return [
    { name: "plane", ...common, role: "control-plane" },
    { name: "data", ...common, count: 2, ...worker },
  ];
}

const answers = {
  functions: {
    "aws:ec2/getAmi:getAmi": { id: "ami-0123456789abcdef0" },
    "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["eu-central-1a", "eu-central-1b"] },
  },
  outputs: (type: string) => (type === "aws:ec2/vpc:Vpc" ? { ipv6CidrBlock: "2001:db8:0:5600::/56" } : {}),
};

const formats = {
  "hcloud:index/volume:Volume": isName,
  "digitalocean:index/volume:Volume": all(isName, matches("name", /^[a-z]/, "begun with a letter")),
  "aws:ebs/volume:Volume": matches("availabilityZone", /^eu-central-1[ab]$/, "a zone"),
  "aws:ec2/volumeAttachment:VolumeAttachment": matches("deviceName", /^\/dev\/sd[f-p]$/, "a data disk's"),
};

for (const given of cases) {
  const { cloud, Component, size } = given;
  const run = (worker: Readonly<Record<string, unknown>>, protect = true) =>
    runCloud(Component, cloudArgs(poolsOf(given, worker), { protect }), answers);
  const volumeKinds = ["Volume", "VolumeAttachment"];

  describe(`volumes at ${cloud}`, () => {
    it("are made for every node of the pool, and as the provider's types allow", async () => {
      const cluster = await run({ volume: "100Gi" });
      const ofVolumes = cluster.resources.filter(({ type }) =>
        volumeKinds.some((kind) => type.endsWith(`:${kind}`)),
      );
      assert.equal(ofVolumes.length, 4);
      assert.deepEqual(sdkComplaints(ofVolumes, formats), []);
      const graph = { resources: ofVolumes, addresses: {} };
      await matchesSnapshot(`infra/clouds/${cloud}-volumes.json`, graphText(graph));
    }).timeout(120_000);

    it("change nothing else of the servers and their surroundings", async () => {
      const bare = await run({});
      const others = (await run({ volume: "100Gi" })).resources.filter(
        ({ type }) => !volumeKinds.some((kind) => type.endsWith(`:${kind}`)),
      );
      assert.equal(
        graphText({ resources: others, addresses: bare.addresses }),
        graphText({ ...bare, addresses: bare.addresses }),
      );
    });

    it("are whole GiB, and protected where the stack says so, also when their server is created anew", async () => {
      const asked = resourcesOf(await run({ volume: "102401Mi", replace: ["data-1"] }), "Volume");
      assert.deepEqual(
        asked.map(({ name, inputs, options }) => [name, inputs.size, options.protect]),
        [
          ["data-1-volume", 101, true],
          ["data-2-volume", 101, true],
        ],
      );
      const open = resourcesOf(await run({ volume: size }, false), "Volume");
      assert.ok(open.every(({ options }) => !options.protect));
    });
  });

  describe(`volumes at ${cloud}, on the real engine`, function () {
    this.timeout(120_000);
    let clouds: TestClouds;
    let engine: TestEngine;

    before(async () => {
      clouds = await openClouds();
      engine = await TestEngine.open({ UAP_CLOUDS_URL: clouds.url });
    });
    after(async () => {
      await engine.close();
      await clouds.stop();
    });

    const lastStand = () => join(clouds.folder, "when-the-node-left.json");
    /** The cluster, and for its first worker something that ends before the server does, as a node's membership. */
    const program =
      (worker: Readonly<Record<string, unknown>>, protect = true) =>
      async () => {
        const args = cloudArgs(poolsOf(given, worker), { protect });
        const component = new Component(cloud, args);
        args.publicAddresses.tell(component.servers);
        const member = component.servers.find(({ node }) => node.name === "data-1");
        if (member)
          new Command("member", {
            create: "true",
            delete: `cp "$CLOUDS" "$KEPT"`,
            environment: { CLOUDS: join(clouds.folder, "clouds.json"), KEPT: lastStand() },
            triggers: [member.id],
          });
        return Promise.resolve({});
      };
    const found = (kind: string) => clouds.state().resources.filter((resource) => resource.kind === kind);
    const ids = (kind: string) => found(kind).map(({ id }) => id);
    const attachedServers = () =>
      found("volumeAttachment").map(({ inputs }) => String(inputs[given.serverInput]));

    /** What the engine keeps waiting for a resource's end. */
    const dependenciesOf = async (name: string) => {
      const { checkpoint } = JSON.parse(await engine.state()) as {
        checkpoint: { latest: { resources: { urn: string; dependencies?: string[] }[] } };
      };
      const found = checkpoint.latest.resources.find(({ urn }) => urn.endsWith(`::${name}`));
      return found?.dependencies ?? [];
    };

    it("are attached to the nodes' servers, and stay as they are in the next run", async () => {
      await engine.up(program({ volume: size }));
      assert.equal(ids("volume").length, 2);
      const servers = ids(given.server);
      assert.ok(attachedServers().every((id) => servers.includes(id)));
      assert.deepEqual((await engine.up(program({ volume: size }))).changes, {});
    });

    it("outlive their server: the new one gets them, and the node leaves before its disk is taken away", async () => {
      const before = { volumes: ids("volume"), servers: ids(given.server) };
      const { changes } = await engine.up(program({ volume: size, replace: ["data-1"] }));
      assert.deepEqual(
        changes.replace?.filter((name) => !name.endsWith("-network")),
        ["data-1", "data-1-volume", "member"],
      );
      assert.deepEqual(ids("volume"), before.volumes);
      const servers = ids(given.server);
      assert.equal(servers.filter((id) => !before.servers.includes(id)).length, 1);
      assert.ok(attachedServers().every((id) => servers.includes(id)));
      const awaited = await dependenciesOf("member");
      assert.ok(
        awaited.some((urn) => urn.endsWith(":VolumeAttachment::data-1-volume")),
        awaited.join(" "),
      );
      const then = JSON.parse(await readFile(lastStand(), "utf8")) as { resources: { kind: string }[] };
      assert.equal(then.resources.filter(({ kind }) => kind === "volumeAttachment").length, 2);
      assert.equal(then.resources.filter(({ kind }) => kind === given.server).length, 3);
    });

    it("grow in place, and are never made smaller", async () => {
      const { changes } = await engine.up(program({ volume: "20Gi" }));
      // The mark of the server that was created anew goes too.
      assert.deepEqual(changes, { update: ["data-1", "data-1-volume", "data-2-volume"] });
      await assert.rejects(engine.up(program({ volume: "15Gi" })), /cannot shrink/);
      assert.deepEqual(
        found("volume").map(({ inputs }) => inputs.size),
        [20, 20],
      );
    });

    it("are not deleted while they are protected, and leave nothing behind when they are not", async () => {
      await assert.rejects(engine.up(program({})), /data-1-volume[^]*protect/);
      assert.equal(ids("volume").length, 2);
      await engine.up(program({ volume: "20Gi" }, false));
      await engine.destroy();
      assert.deepEqual(clouds.names(), []);
    });
  });
}
