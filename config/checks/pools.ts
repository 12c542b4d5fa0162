import { longestLabel } from "../names.ts";
import type { Finding } from "../problems.ts";
import type { PoolEntry, Sections } from "../sections/index.ts";
import { isSpot, nodeNames } from "../sections/pools.ts";
import { alternatives, closest } from "../suggestions.ts";
import type { Check } from "./check.ts";
import { volumeChecks } from "./volumes.ts";

/** What concerns several pools, or a pool and the cluster. */
export const poolChecks: readonly Check[] = [
  { reads: ["cluster.kind", "pools"], find: k3sHasPools },
  { reads: ["pools.name"], find: poolNamesDiffer },
  { reads: ["pools.name", "pools.count", "pools.hosts"], find: nodeNamesDiffer },
  { reads: ["pools.name", "pools.count"], find: nodeNamesFit },
  { reads: ["pools.role", "pools.count", "pools.hosts"], find: controlPlanesAreOdd },
  { reads: ["pools.hosts"], find: hostsAreFree },
  { reads: ["pools.behind", "pools.hosts"], find: gatewaysExist },
  { reads: ["pools.behind", "pools.hosts", "pools.region"], find: gatewaysAreOnSite },
  { reads: ["pools.behind", "pools.hosts", "pools.publicAddress"], find: sitesHaveOneAddress },
  { reads: ["cluster.kind", "cluster.network", "pools.behind"], find: gatewaysNeedKilo },
  { reads: ["cluster.kind", "cluster.network", "pools.cloud"], find: flannelStaysInOneCloud },
  { reads: ["pools.replace", "pools.name", "pools.count"], find: replacedNodesExist },
  { reads: ["pools.replace", "pools.role"], find: controlPlanesGoOneByOne },
  { reads: ["pools.spot", "pools.role"], find: controlPlanesStay },
  ...volumeChecks,
];

function k3sHasPools({ cluster, pools }: Sections): Finding[] {
  return cluster.kind === "k3s" && pools.length === 0
    ? [
        {
          path: ["pools"],
          reason: "is missing.",
          fix: "Give at least one pool with the role control-plane, or use a cluster that runs already: `uap:cluster: { kind: existing }`.",
        },
      ]
    : [];
}

function poolNamesDiffer({ pools }: Sections): Finding[] {
  return pools.flatMap(({ index, pool }) => {
    const first = pools.find((other) => other.pool.name === pool.name);
    return first && first.index < index
      ? [
          {
            path: ["pools", index, "name"],
            value: pool.name,
            reason: `is the name of pools[${first.index}] too.`,
            fix: "Give each pool a name of its own.",
          },
        ]
      : [];
  });
}

/** Pools of one name clash in all their nodes, and are told of already. */
function nodeNamesDiffer({ pools }: Sections): Finding[] {
  const owners = new Map<string, PoolEntry>();
  return pools.flatMap((entry) => {
    const { index, pool } = entry;
    const place = ["pools", index, pool.cloud === "on-prem" ? "hosts" : "name"];
    const clashes = nodeNames(pool).flatMap((node) => {
      const owner = owners.get(node);
      if (owner === undefined) owners.set(node, entry);
      return owner && (owner === entry || owner.pool.name !== pool.name) ? [{ node, owner }] : [];
    });
    const [clash] = clashes;
    if (clash === undefined) return [];
    const reason =
      clash.owner === entry
        ? `names ${clash.node} twice.`
        : `gives a node the name ${clash.node}, which pools[${clash.owner.index}] "${clash.owner.pool.name}" gives to one of its nodes too.`;
    return [
      {
        path: place,
        value: pool.cloud === "on-prem" ? pool.hosts : pool.name,
        reason,
        fix: "Rename one of them.",
      },
    ];
  });
}

function nodeNamesFit({ pools }: Sections): Finding[] {
  return pools.flatMap(({ index, pool }) => {
    const longest = nodeNames(pool).at(-1) ?? "";
    return pool.cloud !== "on-prem" && longest.length > longestLabel
      ? [
          {
            path: ["pools", index, "name"],
            value: pool.name,
            reason: `is too long: the node ${longest} would have ${longest.length} characters, and a host name has at most ${longestLabel}.`,
            fix: `Shorten it by ${longest.length - longestLabel}.`,
          },
        ]
      : [];
  });
}

function controlPlanesAreOdd({ pools }: Sections): Finding[] {
  if (pools.length === 0) return [];
  const planes = pools.filter(({ pool }) => pool.role === "control-plane");
  const count = planes.reduce((sum, { pool }) => sum + nodeNames(pool).length, 0);
  if ([1, 3, 5].includes(count)) return [];
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
      fix: `Make it ${alternatives(near(count).map(String))}${planes.length === 1 ? "" : " in all"}.`,
    },
  ];
}

function near(count: number): readonly number[] {
  return count > 5 ? [5] : [count - 1, count + 1];
}

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
          reason: "stands behind a gateway itself.",
          fix: "Name the machine that the router forwards to.",
        },
      ];
    }
    const reason = "is no host of an on-prem pool.";
    const suggestion = closest(value, candidates);
    if (suggestion !== undefined) return [{ path, value, reason, fix: `Did you mean "${suggestion}"?` }];
    const fix =
      candidates.length > 0
        ? `Choose ${alternatives(candidates)}.`
        : "Add an on-prem pool with that host, which the site's router forwards WireGuard's port to.";
    return [{ path, value, reason, fix }];
  });
}

/**
 * Hosts below the cluster's name that are not free for a machine: its record would stand beside the API's, and before the wildcard, for
 * the name itself and for all names below it (RFC 4592, 2.2.1).
 */
const ownHosts: Readonly<Record<string, string>> = {
  api: "it is the host of the Kubernetes API",
  portal: "it is the host of the page that links the cluster's systems",
  data: "the hosts of the data systems lie below it",
};

/** Servers' names end in a number, so only machines of one's own can have such a name. */
function hostsAreFree({ pools }: Sections): Finding[] {
  return pools.flatMap(({ index, pool }) =>
    pool.cloud !== "on-prem"
      ? []
      : pool.hosts.flatMap((host, position) => {
          const owner = ownHosts[host];
          return owner === undefined
            ? []
            : [
                {
                  path: ["pools", index, "hosts", position],
                  value: host,
                  reason: `is not free: ${owner}, and the machine's DNS record would stand in the way.`,
                  fix: "Rename the machine.",
                },
              ];
        }),
  );
}

/** The on-prem pool that has a machine. */
function poolOfHost(pools: Sections["pools"], host: string): PoolEntry | undefined {
  return pools.find(({ pool }) => pool.cloud === "on-prem" && pool.hosts.includes(host));
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
        reason: `stands in the region "${gateway.pool.region}", and the machines behind it in "${pool.region}".`,
        fix: "Give both pools the same region, or name a machine that stands beside them.",
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
          reason: `cannot reach the nodes of pools[${hidden.index}] "${hidden.pool.name}", which stand behind a gateway; only kilo can.`,
          fix: `Write \`network: kilo\`, or remove \`behind\` from the pool.`,
        },
      ]
    : [];
}

function standsBehind({ pool }: PoolEntry): boolean {
  return pool.cloud === "on-prem" && pool.behind !== undefined;
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
          reason: `is no node of the pool "${pool.name}".`,
          fix:
            near === undefined
              ? `Choose from ${names[0] ?? ""} to ${names.at(-1) ?? ""}.`
              : `Did you mean "${near}"?`,
        },
      ];
    });
  });
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
    reason: `is a control plane like ${first?.node ?? ""}, which is to be created anew too; etcd cannot do without both.`,
    fix: "Replace one, wait until it is ready, then the other.",
  }));
}

function controlPlanesStay({ pools }: Sections): Finding[] {
  return pools.flatMap(({ index, pool }) =>
    isSpot(pool) && pool.role === "control-plane"
      ? [
          {
            path: ["pools", index, "spot"],
            value: true,
            reason: "is not for control planes: AWS may take them back at any moment, and etcd with them.",
            fix: "Remove it; pools of workers may have it.",
          },
        ]
      : [],
  );
}
