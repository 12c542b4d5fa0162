import assert from "node:assert/strict";
import { lockedChart, type ChartName } from "../../platform/charts/lock.ts";
import type { Session } from "../../rehearsal/session/session.ts";
import { configurationOf } from "../infra/settings.ts";
import { nextPatch, withLockedCharts } from "../support/charts-lock.ts";
import {
  configure,
  destroy,
  lines,
  plan,
  readyNodes,
  RehearsedStack,
  update,
  type Change,
} from "../support/rehearsed-stack.ts";

const { platform, pools } = configurationOf("dev5");
/** Without what the layers above have. */
const settings = {
  charts: { source: "facts" },
  platform: { preset: platform.preset, systems: { mosquitto: false, portal: false } },
};
/** Grows by one node. */
const worker = { pool: "worker", count: 5, grown: "worker-5" };

/** What may change when a node comes: what the cluster's nodes share, the wait for all of them, and room for what runs on every node. */
const perCluster = /:(Firewall|ZoneRrset|Command|ResourceQuota)$/;

describe("the cluster and storage layers of dev5, on simulated clouds", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("dev5");
  });
  after(() => rehearsed.close());

  it("come up, stay as they are, grow by a node, take a newer chart, and go", function () {
    this.timeout(480_000);
    return rehearsed.session(async (session) => {
      await comesUp(session);
      await stays(session);
      await growsByANode(session);
      await takesNewerCharts(session);
      await destroy(session);
      assert.deepEqual([...session.cluster.holdings()], []);
    }, settings);
  });
});

async function comesUp(session: Session): Promise<void> {
  const made = await update(session);
  for (const [type, name] of [
    [":CephCluster", "ceph-cluster"],
    [":StatefulSet", "seaweedfs-seaweedfs-volume"],
    [":ClusterIssuer", "own-authority"],
    [":ServiceMonitor", "sealed-secrets"],
    [":StorageClass", "rook-ceph-block"],
  ] as const) {
    assert.ok(
      made.some((change) => change.type.endsWith(type) && change.name === name),
      `${type} ${name} is not among\n${lines(made)}`,
    );
  }
}

async function stays(session: Session): Promise<void> {
  const again = await plan(session);
  assert.deepEqual(again, [], lines(again));
}

async function growsByANode(session: Session): Promise<void> {
  await configure(session, {
    pools: pools.map((pool) => (pool.name === worker.pool ? { ...pool, count: worker.count } : pool)),
  });
  const changes = await update(session);
  const isOfNode = ({ name }: Change) =>
    name === worker.grown || name.startsWith(`${worker.grown}-`) || name.startsWith(`${worker.grown}.`);
  const others = changes.filter((change) => !isOfNode(change));
  assert.deepEqual(
    changes.filter(isOfNode).filter(({ operation }) => operation !== "create"),
    [],
    lines(changes),
  );
  assert.ok(changes.some((change) => isOfNode(change) && change.type.endsWith(":Server")));
  const wrong = others.filter(({ operation, type }) => !perCluster.test(type) || operation === "delete");
  assert.deepEqual(wrong, [], lines(wrong));
  assert.ok((await readyNodes(session)).includes(worker.grown));
}

/** One that is an operator's, and one that keeps data. */
const upgraded = ["keda", "seaweedfs"] as const satisfies readonly ChartName[];

async function takesNewerCharts(session: Session): Promise<void> {
  const newer = upgraded.map((name) => [name, nextPatch(lockedChart(name))] as const);
  const changes = await withLockedCharts(Object.fromEntries(newer), () => update(session));
  const expected = newer.flatMap(([name, { workloads }]) =>
    Object.values(workloads).map((workload) => ({
      operation: "update",
      type: `kubernetes:apps/v1:${workload.kind}`,
      name: `${name}-${workload.name}`,
    })),
  );
  assert.deepEqual(sorted(changes), sorted(expected), lines(changes));
}

function sorted(changes: readonly Pick<Change, "type" | "name">[]): unknown[] {
  return changes.toSorted((one, other) => one.name.localeCompare(other.name));
}
