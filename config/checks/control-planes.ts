import type { Finding } from "../problems.ts";
import type { Sections } from "../sections/index.ts";
import { isSpot, nodeNames } from "../sections/pools.ts";
import { alternatives } from "../suggestions.ts";
import type { Check } from "./check.ts";

/** The most control planes that a cluster has: five outlive the loss of two, and more of them only make etcd slower. */
export const mostControlPlanes = 5;

/** Whether etcd has a majority on the control planes, and keeps it. */
export const controlPlaneChecks: readonly Check[] = [
  { reads: ["pools.role", "pools.count", "pools.hosts"], find: controlPlanesAreOdd },
  { reads: ["pools.replace", "pools.role"], find: controlPlanesGoOneByOne },
  { reads: ["pools.spot", "pools.role"], find: controlPlanesStay },
];

function controlPlanesAreOdd({ pools }: Sections): Finding[] {
  if (pools.length === 0) return [];
  const planes = pools.filter(({ pool }) => pool.role === "control-plane");
  const count = planes.reduce((sum, { pool }) => sum + nodeNames(pool).length, 0);
  if ([1, 3, mostControlPlanes].includes(count)) return [];
  const [only] = planes;
  if (only === undefined) {
    return [
      {
        path: ["pools"],
        reason: "have no control plane.",
        fix: "Give one pool `role: control-plane`, with 1, 3 or 5 nodes.",
      },
    ];
  }
  const reason = `${planes.length === 1 ? "makes" : `and the other pools of the role control-plane make`} ${count} control planes; etcd needs 1, 3 or 5 of them to keep a majority.`;
  const key = only.pool.cloud === "on-prem" ? "hosts" : "count";
  const value = only.pool.cloud === "on-prem" ? only.pool.hosts : only.pool.count;
  return [
    {
      path: ["pools", only.index, key],
      value,
      reason,
      fix: `Make it ${alternatives(near(count).map(String))}${planes.length === 1 ? "" : " in total"}.`,
    },
  ];
}

function near(count: number): readonly number[] {
  return count > mostControlPlanes ? [mostControlPlanes] : [count - 1, count + 1];
}

/** With two of them away at once, etcd may lose its majority, and with it the cluster. */
function controlPlanesGoOneByOne({ pools }: Sections): Finding[] {
  const replaced = pools.flatMap(({ index, pool }) =>
    pool.cloud === "on-prem" || pool.role !== "control-plane"
      ? []
      : pool.replace.map((node, position) => ({ path: ["pools", index, "replace", position], node })),
  );
  const [first, ...others] = replaced;
  return others.map(({ path, node }) => ({
    path,
    value: node,
    reason: `is a control plane, as is ${first?.node ?? ""}, which is also listed; etcd cannot lose both at once.`,
    fix: "Replace one, wait until it is ready, and then replace the other.",
  }));
}

function controlPlanesStay({ pools }: Sections): Finding[] {
  return pools.flatMap(({ index, pool }) =>
    isSpot(pool) && pool.role === "control-plane"
      ? [
          {
            path: ["pools", index, "spot"],
            value: true,
            reason:
              "cannot be used for control planes: AWS may reclaim them at any moment, and etcd would lose its majority.",
            fix: "Remove it; only pools of workers can use it.",
          },
        ]
      : [],
  );
}
