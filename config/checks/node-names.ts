import { longestLabel } from "../names.ts";
import type { Finding } from "../problems.ts";
import type { PoolEntry, Sections } from "../sections/index.ts";
import { nodeNames } from "../sections/pools.ts";
import type { Check } from "./check.ts";

/** Whether the names of pools and nodes can be told apart, and be host names. */
export const nodeNameChecks: readonly Check[] = [
  { reads: ["pools.name"], find: poolNamesDiffer },
  { reads: ["pools.name", "pools.count", "pools.hosts"], find: nodeNamesDiffer },
  { reads: ["pools.name", "pools.count"], find: nodeNamesFit },
  { reads: ["pools.hosts"], find: hostsAreFree },
];

function poolNamesDiffer({ pools }: Sections): Finding[] {
  return pools.flatMap(({ index, pool }) => {
    const first = pools.find((other) => other.pool.name === pool.name);
    return first && first.index < index
      ? [
          {
            path: ["pools", index, "name"],
            value: pool.name,
            reason: `is also the name of pools[${first.index}].`,
            fix: "Give each pool its own name.",
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
                  reason: `is not free: ${owner}, and the machine's DNS record would clash with it.`,
                  fix: "Rename the machine.",
                },
              ];
        }),
  );
}
