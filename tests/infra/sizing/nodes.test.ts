import assert from "node:assert/strict";
import { fit, type Demand } from "../../../infra/sizing/fit.ts";
import { nodesOf } from "../../../infra/sizing/nodes.ts";
import { parseFixture } from "../../config/fixtures.ts";
import { configurationOf, master, settingsOf } from "../settings.ts";

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;
const daemons = (milliCpu: number, memory: number): Demand => ({
  system: "node-exporter",
  milliCpu: 0,
  memory: 0,
  storage: 0,
  perNode: { milliCpu, memory },
});

/** The sizes of the nodes of these pools. */
function sizesOf(...pools: object[]) {
  const settings = settingsOf(pools);
  return nodesOf(settings);
}

describe("the sizes of nodes", () => {
  it("are the planned ones, with what the scheduler must know", () => {
    const configuration = configurationOf("hc1");
    const sizes = nodesOf(configuration);
    assert.deepEqual(
      sizes.filter(({ isTainted }) => isTainted).map(({ name }) => name),
      ["master-1", "lab-d1", "lab-d2", "lab-d3"],
    );
    assert.deepEqual(sizes[1], {
      name: "nbg1-1",
      milliCpu: 4000,
      memory: 8 * gibibyte,
      disk: 160e9,
      isControlPlane: false,
      isTainted: false,
    });
  });

  it("are assumed on a cluster that exists already", () => {
    assert.deepEqual(
      nodesOf(parseFixture("local")).map(({ name, milliCpu }) => `${name} ${milliCpu}`),
      ["local-1 4000", "local-2 4000", "local-3 4000"],
    );
  });

  it("count as open under a taint that only advises", () => {
    const [node] = sizesOf({ ...master, taints: ["slow:PreferNoSchedule"] });
    assert.equal(node?.isTainted, false);
    assert.equal(sizesOf({ ...master, taints: ["full:NoExecute"] })[0]?.isTainted, true);
  });
});

describe("fit on planned nodes", () => {
  const tainted = { ...master, taints: ["node-role.kubernetes.io/control-plane:NoSchedule"] };
  const worker = { ...master, name: "worker", role: "worker" };

  it("leaves tainted nodes out, with what DaemonSets ask for there", () => {
    const { cpu, memory, storage, nodes, shortages } = fit(sizesOf(tainted, worker), [
      daemons(100, gibibyte),
    ]);
    assert.equal(nodes, 2);
    assert.deepEqual(cpu, { requested: 100, allocatable: 1900 });
    assert.deepEqual(memory, { requested: gibibyte, allocatable: 4 * gibibyte - 384 * mebibyte });
    assert.equal(storage.allocatable, 64e9);
    assert.deepEqual(shortages, []);
  });

  it("keeps more for k3s' server and etcd than for its agent", () => {
    const { cpu, memory } = fit(sizesOf(master), []);
    assert.equal(cpu.allocatable, 1750);
    assert.equal(memory.allocatable, 4 * gibibyte - 1792 * mebibyte);
  });

  it("stores on a node's data disk, where it has one, and else on its own", () => {
    const { storage } = fit(sizesOf(tainted, worker, { ...worker, name: "data", volume: "500Gi" }), []);
    assert.equal(storage.allocatable, 64e9 + 400 * gibibyte);
  });

  it("names nodes that are too small for the DaemonSets alone, tainted ones too", () => {
    const { shortages } = fit(sizesOf(tainted, worker), [daemons(200, 3 * gibibyte)]);
    assert.deepEqual(shortages, [
      "the systems' DaemonSets ask for 0.2 cores and 3 GiB on each node, more than is left on master-1",
    ]);
  });

  it("finds no room where every node is tainted", () => {
    const demand: Demand = { ...daemons(0, 0), system: "portal", milliCpu: 50, memory: mebibyte };
    assert.match(
      fit(sizesOf(tainted), [demand]).shortages.join("\n"),
      /^CPU is short by 0.05 cores: .* offer 0 cores/,
    );
  });
});
