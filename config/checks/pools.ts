import type { Finding } from "../problems.ts";
import type { Sections } from "../sections/index.ts";
import { nodeNames } from "../sections/pools.ts";
import { closest } from "../suggestions.ts";
import type { Check } from "./check.ts";
import { controlPlaneChecks } from "./control-planes.ts";
import { gatewayChecks, standsBehind } from "./gateways.ts";
import { nodeNameChecks } from "./node-names.ts";
import { reservedRangeChecks } from "./reserved-ranges.ts";
import { volumeChecks } from "./volumes.ts";

/** What concerns several pools, or a pool and the cluster. */
export const poolChecks: readonly Check[] = [
  { reads: ["cluster.kind", "pools"], find: k3sHasPools },
  ...nodeNameChecks,
  ...controlPlaneChecks,
  ...gatewayChecks,
  { reads: ["cluster.kind", "cluster.network", "pools.cloud"], find: flannelStaysInOneCloud },
  { reads: ["pools.replace", "pools.name", "pools.count"], find: replacedNodesExist },
  ...volumeChecks,
  ...reservedRangeChecks,
];

function k3sHasPools({ cluster, pools }: Sections): Finding[] {
  return cluster.kind === "k3s" && pools.length === 0
    ? [
        {
          path: ["pools"],
          reason: "is missing.",
          fix: "Give at least one pool with the role control-plane, or use an existing cluster: `uap:cluster: { kind: existing }`.",
        },
      ]
    : [];
}

/** Where a gateway is in the way, that is told already. */
function flannelStaysInOneCloud({ cluster, pools }: Sections): Finding[] {
  const places = new Set(pools.map(({ pool }) => pool.cloud));
  if (pools.some(standsBehind)) return [];
  return cluster.kind === "k3s" && cluster.network === "flannel" && places.size > 1
    ? [
        {
          path: ["cluster", "network"],
          value: "flannel",
          reason: `needs one private network, but the pools are in ${[...places].join(" and ")}.`,
          fix: "Write `network: wireguard`, or `network: kilo`.",
        },
      ]
    : [];
}

function replacedNodesExist({ pools }: Sections): Finding[] {
  return pools.flatMap(({ index, pool }) => {
    if (pool.cloud === "on-prem") return [];
    const names = nodeNames(pool);
    return pool.replace.flatMap((node, position) => {
      if (names.includes(node)) return [];
      const near = closest(node, names);
      return [
        {
          path: ["pools", index, "replace", position],
          value: node,
          reason: `is not a node of the pool "${pool.name}".`,
          fix:
            near === undefined
              ? `Choose from ${names[0] ?? ""} to ${names.at(-1) ?? ""}.`
              : `Did you mean "${near}"?`,
        },
      ];
    });
  });
}
