import type { Finding } from "../problems.ts";
import type { PoolEntry, Sections } from "../sections/index.ts";
import { alternatives, closest } from "../suggestions.ts";
import type { Check } from "./check.ts";

/** Whether the machines behind a gateway are reached by way of it. */
export const gatewayChecks: readonly Check[] = [
  { reads: ["pools.behind", "pools.hosts"], find: gatewaysExist },
  { reads: ["pools.behind", "pools.hosts", "pools.region"], find: gatewaysAreOnSite },
  { reads: ["pools.behind", "pools.hosts", "pools.publicAddress"], find: sitesHaveOneAddress },
  { reads: ["cluster.kind", "cluster.network", "pools.behind"], find: gatewaysNeedKilo },
];

function gatewaysExist({ pools }: Sections): Finding[] {
  const onPrem = pools.flatMap(({ pool }) => (pool.cloud === "on-prem" ? [pool] : []));
  const candidates = onPrem.filter((pool) => pool.behind === undefined).flatMap((pool) => pool.hosts);
  return pools.flatMap(({ index, pool }) => {
    if (pool.cloud !== "on-prem" || pool.behind === undefined || candidates.includes(pool.behind)) return [];
    const path = ["pools", index, "behind"];
    const value = pool.behind;
    if (onPrem.some((other) => other.hosts.includes(value))) {
      return [
        {
          path,
          value,
          reason: "is itself behind a gateway.",
          fix: "Name the machine that the router forwards to.",
        },
      ];
    }
    const reason = "is not a host of an on-prem pool.";
    const suggestion = closest(value, candidates);
    if (suggestion !== undefined) return [{ path, value, reason, fix: `Did you mean "${suggestion}"?` }];
    const fix =
      candidates.length > 0
        ? `Choose ${alternatives(candidates)}.`
        : "Add an on-prem pool with that host, which the site's router forwards WireGuard's port to.";
    return [{ path, value, reason, fix }];
  });
}

/** Kilo takes the nodes of one region for neighbours, and only neighbours reach each other behind a gateway. */
function gatewaysAreOnSite({ pools }: Sections): Finding[] {
  return pools.flatMap(({ index, pool }) => {
    if (pool.cloud !== "on-prem" || pool.behind === undefined) return [];
    const gateway = poolOfHost(pools, pool.behind);
    if (gateway === undefined || gateway.pool.region === pool.region) return [];
    return [
      {
        path: ["pools", index, "behind"],
        value: pool.behind,
        reason: `is in the region "${gateway.pool.region}", but the machines behind it are in "${pool.region}".`,
        fix: "Give both pools the same region, or name a machine at their site.",
      },
    ];
  });
}

/** Pools behind one gateway, and the gateway's own, come from one address. */
function sitesHaveOneAddress({ pools }: Sections): Finding[] {
  const first = new Map<string, { readonly address: string; readonly index: number }>();
  const gateways = new Set(
    pools.flatMap(({ pool }) => (pool.cloud === "on-prem" ? (pool.behind ?? []) : [])),
  );
  return pools.flatMap(({ index, pool }) => {
    if (pool.cloud !== "on-prem" || pool.publicAddress === undefined) return [];
    const gateway = pool.behind ?? pool.hosts.find((host) => gateways.has(host));
    if (gateway === undefined) return [];
    const known = first.get(gateway);
    if (known === undefined) first.set(gateway, { address: pool.publicAddress, index });
    if (known === undefined || known.address === pool.publicAddress) return [];
    return [
      {
        path: ["pools", index, "publicAddress"],
        value: pool.publicAddress,
        reason: `is not the address of pools[${known.index}], which is ${known.address}; both are reached at ${gateway}.`,
        fix: "Give both the address of their site's router.",
      },
    ];
  });
}

function gatewaysNeedKilo({ cluster, pools }: Sections): Finding[] {
  if (cluster.kind !== "k3s" || cluster.network === undefined || cluster.network === "kilo") return [];
  const hidden = pools.find(standsBehind);
  return hidden
    ? [
        {
          path: ["cluster", "network"],
          value: cluster.network,
          reason: `cannot reach the nodes of pools[${hidden.index}] "${hidden.pool.name}", which are behind a gateway; only kilo can.`,
          fix: `Write \`network: kilo\`, or remove \`behind\` from the pool.`,
        },
      ]
    : [];
}

/** The on-prem pool that has a machine. */
function poolOfHost(pools: Sections["pools"], host: string): PoolEntry | undefined {
  return pools.find(({ pool }) => pool.cloud === "on-prem" && pool.hosts.includes(host));
}

/** Whether the machines of a pool are reached by way of a gateway alone. */
export function standsBehind({ pool }: PoolEntry): boolean {
  return pool.cloud === "on-prem" && pool.behind !== undefined;
}
