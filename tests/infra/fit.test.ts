import assert from "node:assert/strict";
import { fit, type Demand, type NodeSize } from "../../infra/sizing/fit.ts";

const gibibyte = 2 ** 30;
const node = (name: string): NodeSize => ({
  name,
  milliCpu: 2000,
  memory: 4 * gibibyte,
  disk: 40 * gibibyte,
});
const demand = (system: string, values: Partial<Demand>): Demand => ({
  system,
  milliCpu: 0,
  memory: 0,
  storage: 0,
  perNode: { milliCpu: 0, memory: 0 },
  ...values,
});

describe("fit", () => {
  it("holds what systems ask for against what nodes offer after their own needs", () => {
    const result = fit([node("a"), node("b")], [demand("kafka", { milliCpu: 500, memory: gibibyte })]);
    assert.deepEqual(result.cpu, { requested: 500, allocatable: 3800 });
    assert.deepEqual(result.memory, { requested: gibibyte, allocatable: 8 * gibibyte - 2 * 384 * 2 ** 20 });
    assert.deepEqual(result.shortages, []);
  });

  it("counts a DaemonSet on every node", () => {
    const daemon = demand("fluent-bit", { perNode: { milliCpu: 50, memory: 2 ** 26 } });
    assert.equal(fit([node("a"), node("b"), node("c")], [daemon]).cpu.requested, 150);
  });

  it("names every resource that is short, and by how much", () => {
    const result = fit(
      [node("a")],
      [demand("cassandra", { milliCpu: 3000, memory: 8 * gibibyte, storage: 100 * gibibyte })],
    );
    assert.deepEqual(result.shortages, [
      "CPU is short by 1.1 cores: the systems ask for 3 cores, the nodes offer 1.9 cores",
      "memory is short by 4.4 GiB: the systems ask for 8 GiB, the nodes offer 3.6 GiB",
      "disk is short by 68 GiB: the systems ask for 100 GiB, the nodes offer 32 GiB",
    ]);
  });

  it("lists the five biggest systems, biggest first", () => {
    const systems = [1, 6, 3, 2, 5, 4].map((size) => demand(`s${size}`, { memory: size }));
    assert.deepEqual(
      fit([node("a")], systems).biggest.map(({ system }) => system),
      ["s6", "s5", "s4", "s3", "s2"],
    );
  });
});
