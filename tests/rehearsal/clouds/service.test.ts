import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { serversOf, startClouds, type CloudFault } from "../../../rehearsal/clouds/index.ts";
import { hcloud } from "../../../rehearsal/providers/hcloud/provider.ts";
import { created, difference, updated } from "../providers/direct.ts";
import { deleted, openClouds, publicKey, type TestClouds } from "./clouds.ts";

const stand = hcloud();
const type = "hcloud:index/server:Server";
const keyType = "hcloud:index/sshKey:SshKey";
const key = { name: "key", publicKey };
const server = {
  name: "worker-1",
  serverType: "cpx32",
  image: "ubuntu-24.04",
  location: "nbg1",
  userData: "#cloud-config\n# a secret",
};

describe("the service of the simulated clouds", () => {
  let clouds: TestClouds | undefined;
  const open = async (...faults: readonly CloudFault[]): Promise<TestClouds> =>
    (clouds = await openClouds({ faults }));
  const fault = { cloud: "hcloud", operation: "create", times: 1 } as const;

  afterEach(async () => {
    await clouds?.stop();
    clouds = undefined;
  });

  it("must be there for a stand-in to do anything", async () => {
    process.env.UAP_CLOUDS_URL = "";
    await assert.rejects(created(stand, type, server), /UAP_CLOUDS_URL does not say where they are/);
    process.env.UAP_CLOUDS_URL = "http://127.0.0.1:1";
    await assert.rejects(created(stand, type, server), /do not answer at http:\/\/127.0.0.1:1/);
  });

  it("keeps its state in the folder, readable for its owner only", async () => {
    const { folder } = await open();
    const kept = await created(stand, type, server);
    const file = join(folder, "clouds.json");
    assert.match(await readFile(file, "utf8"), /a secret/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const again = await startClouds({ folder });
    const [found] = again.state().resources;
    await again.stop();
    assert.deepEqual([found?.id, found?.outputs.ipv4Address], [kept.id, kept.state.ipv4Address]);
  });

  it("has the zones once, however often it starts", async () => {
    const { folder } = await open();
    const counts: number[] = [];
    for (let run = 0; run < 2; run++) {
      const again = await startClouds({ folder, zones: ["example.dev"] });
      counts.push(again.state().resources.length);
      await again.stop();
    }
    assert.ok(counts[0]);
    assert.equal(counts[1], counts[0]);
  });

  it("calls back after every change", async () => {
    const { onChange, state } = await open();
    const seen: number[] = [];
    onChange(() => seen.push(serversOf(state()).length));
    const first = await created(stand, type, server);
    const second = await created(stand, type, { ...server, name: "worker-2" });
    await updated(stand, second, { ...server, name: "worker-2", backups: true });
    await deleted(stand, first);
    assert.deepEqual(
      seen.filter((count, index) => count !== seen[index - 1]),
      [1, 2, 1],
    );
  });

  it("is asked again after 429 and trouble at the cloud, as long as it makes sense", async () => {
    const { names } = await open(
      { ...fault, status: 429, retryAfter: 0 },
      { ...fault, status: 503, retryAfter: 0, times: 2 },
      { ...fault, status: 500 },
    );
    await created(stand, type, server);
    assert.deepEqual(names(), ["worker-1"]);
  });

  it("is not asked for ever", async () => {
    const { names } = await open({ ...fault, status: 503, retryAfter: 0, times: 100 });
    await assert.rejects(created(stand, type, server), /\(503\): Hetzner Cloud has trouble of its own/);
    assert.deepEqual(names(), []);
  });

  it("makes nothing twice when answers are lost", async () => {
    const { names, state } = await open({ ...fault, status: 503, retryAfter: 0, times: 5, carriedOut: true });
    await assert.rejects(created(stand, type, server), /\(503\)/);
    assert.deepEqual(names(), ["worker-1"]);
    const { id } = await created(stand, type, server);
    assert.deepEqual(
      state().resources.map((resource) => resource.id),
      [id],
    );
  });

  it("gives a second run what an interrupted one made, but never what the engine knows", async () => {
    await open({ ...fault, status: 401 });
    await assert.rejects(created(stand, type, server), /\(401\): The API token was not accepted/);
    const lost = await created(stand, type, server);
    const found = await created(stand, type, server);
    assert.equal(found.id, lost.id);
    const urn = `urn:pulumi:test::providers::${type}::thing`;
    await stand.check({ type, urn, name: "thing", olds: server, news: server, randomSeed: new Uint8Array() });
    await assert.rejects(created(stand, type, server), /The name "worker-1" is taken/);
  });

  it("words every refusal for people", async () => {
    const messages: readonly (readonly [number, RegExp])[] = [
      [401, /Check that it belongs to the right project at Hetzner Cloud/],
      [403, /limit of resources of the kind "server". Ask Hetzner Cloud/],
      [404, /There is no server "worker-1"/],
      [409, /The name "worker-1" is taken/],
      [412, /sold out in this region. Choose another type or region/],
    ];
    await open(...messages.map(([status]) => ({ ...fault, status, kind: "server", name: "worker-1" })));
    await created(stand, keyType, key);
    for (const [, message] of messages) await assert.rejects(created(stand, type, server), message);
    await created(stand, type, server);
  });

  it("fails other operations too", async () => {
    await open(
      { ...fault, operation: "update", status: 412 },
      { ...fault, operation: "delete", status: 401 },
    );
    const kept = await created(stand, type, server);
    await assert.rejects(updated(stand, kept, { ...server, serverType: "cpx42" }), /was not changed \(412\)/);
    await assert.rejects(deleted(stand, kept), /was not deleted \(401\)/);
    await deleted(stand, kept);
  });

  it("allows as many resources as the quota says", async () => {
    clouds = await openClouds({ quota: { hcloud: { server: 1 } } });
    await created(stand, type, server);
    await assert.rejects(
      created(stand, type, { ...server, name: "worker-2" }),
      /\(403\): The project has reached/,
    );
    await created(stand, keyType, key);
  });

  it("is not needed for a plan", async () => {
    process.env.UAP_CLOUDS_URL = "";
    const request = { type, urn: "urn:x", name: "x", inputs: server, timeout: 0, preview: true };
    const { state } = await stand.create(request);
    assert.equal(state.name, "worker-1");
    const kept = { type, id: "1", inputs: server, state };
    assert.equal((await difference(stand, kept, server)).changes, false);
  });
});
