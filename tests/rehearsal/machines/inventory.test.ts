import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterIdentity } from "../../../infra/bootstrap/node-bootstrap.ts";
import type { ClusterNode } from "../../../infra/cluster-node.ts";
import { nothing } from "../../../rehearsal/clouds/inventory.ts";
import { Inventory } from "../../../rehearsal/machines/inventory.ts";
import { bootstrapOf, realIdentity, type Wish } from "../../infra/bootstrap/nodes.ts";
import { Scene, userDataOf } from "./scene.ts";

describe("the machines of a rehearsal", () => {
  let identity: ClusterIdentity;
  let seeds: string;

  before(async () => {
    identity = await realIdentity();
  });

  beforeEach(async () => {
    seeds = await mkdtemp(join(tmpdir(), "uap-seeds-"));
  });

  afterEach(() => rm(seeds, { recursive: true }));

  const wish: Wish = { name: "pi-1", cloud: "on-prem", arch: "arm64" };
  const { node: pi } = bootstrapOf(wish);
  const seed = async (text: string) => {
    await mkdir(join(seeds, "pi-1"), { recursive: true });
    await writeFile(join(seeds, "pi-1", "user-data"), text);
  };
  const at = (address: string, behind: string): ClusterNode => {
    assert.equal(pi.pool.cloud, "on-prem");
    return { ...pi, pool: { ...pi.pool, publicAddress: address, behind } };
  };

  it("are as big as the price list says of their type", async () => {
    const scene = new Scene();
    scene.hetzner("worker-1", "");
    scene.digitalocean("worker-2", "");
    const machines = await new Inventory([], seeds).machines(scene.state);
    assert.deepEqual(
      machines.map(({ name, hardware }) => [name, hardware]),
      [
        ["worker-1", { milliCpu: 4000, memory: 8 * 2 ** 30, disk: 160e9, arch: "amd64" }],
        ["worker-2", { milliCpu: 2000, memory: 4 * 2 ** 30, disk: 80e9, arch: "amd64" }],
      ],
    );
  });

  it("are as big as the configuration says where no price list has the type", async () => {
    const scene = new Scene();
    scene.order("hcloud", "server", {
      name: "worker-1",
      serverType: "ccx63",
      image: "ubuntu-24.04",
      location: "nbg1",
    });
    const unlisted = scene.state.resources.map((server) => ({
      ...server,
      inputs: { ...server.inputs, serverType: "ccx99" },
    }));
    const state = { ...scene.state, resources: unlisted };
    const { node } = bootstrapOf({ arch: "arm64" });
    const [machine] = await new Inventory([node], seeds).machines(state);
    assert.deepEqual(machine?.hardware, { ...node.size, arch: "arm64" });
    await assert.rejects(new Inventory([], seeds).machines(state), /size of the server type "ccx99"/);
  });

  it("tell a server from an earlier one of the same name", async () => {
    const identities = [0, 1].map(async (earlier) => {
      const scene = new Scene();
      for (let count = 0; count < earlier; count++)
        scene.order("hcloud", "placementGroup", { name: "group", type: "spread" });
      scene.hetzner("worker-1", "");
      const [machine] = await new Inventory([], seeds).machines(scene.state);
      return machine?.identity;
    });
    const [one, two] = await Promise.all(identities);
    assert.ok(one);
    assert.notEqual(one, two);
  });

  it("are one's own as soon as their files are there, at the address of their site", async () => {
    const inventory = new Inventory([at("198.51.100.7", "router")], seeds);
    assert.deepEqual(await inventory.machines(nothing), []);
    await seed(userDataOf(identity, wish));
    const [machine] = await inventory.machines(nothing);
    assert.deepEqual(
      [machine?.name, machine?.boot.joins, machine?.place, machine?.hardware],
      [
        "pi-1",
        true,
        { kind: "site", address: "198.51.100.7", gateway: "router" },
        { ...pi.size, arch: "arm64" },
      ],
    );
  });

  it("read user-data that makes a node once, and other user-data until it does", async () => {
    const inventory = new Inventory([pi], seeds);
    const token = async () => {
      const [machine] = await inventory.machines(nothing);
      return machine?.boot.joins === true ? machine.boot.plan.token.secret : machine?.boot.reason;
    };
    await seed("");
    assert.equal(await token(), "The server has no user-data.");
    await seed(userDataOf(identity, wish));
    const first = await token();
    assert.ok(identity.agentToken.endsWith(`:${String(first)}`));
    const changed = userDataOf({ ...identity, agentToken: `${identity.agentToken}x` }, wish);
    await seed(changed);
    assert.equal(await token(), first);
    await rm(join(seeds, "pi-1"), { recursive: true });
    assert.equal(await token(), undefined);
    await seed(changed);
    assert.equal(await token(), `${String(first)}x`);
  });
});
