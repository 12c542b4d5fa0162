import type { Cidr } from "../addresses.ts";
import { overlaps } from "../addresses.ts";
import { networkOf } from "../defaults.ts";
import { prefixLength } from "../ipv4-ranges.ts";
import type { Finding, Path } from "../problems.ts";
import { formatPath } from "../problems.ts";
import type { Sections } from "../sections/index.ts";
import { nodeNames } from "../sections/pools.ts";
import type { Check } from "./check.ts";

/** k3s gives each node a range of this prefix length for its pods. */
const podsOfOneNode = 24;

/** What concerns the address ranges of a cluster that the program creates. */
export const rangeChecks: readonly Check[] = [
  { reads: ["cluster", "network", "pools.cloud", "pools.behind"], find: rangesAreApart },
  { reads: ["cluster.kind", "cluster.podCidr", "pools"], find: podsHaveRoom },
];

function rangesAreApart(sections: Sections): Finding[] {
  const { cluster, network } = sections;
  if (cluster.kind !== "k3s") return [];
  const ranges: { path: Path; range: Cidr }[] = [
    { path: ["cluster", "podCidr"], range: cluster.podCidr },
    { path: ["cluster", "serviceCidr"], range: cluster.serviceCidr },
    { path: ["network", "privateCidr"], range: network.privateCidr },
  ];
  if (networkOf(sections) === "kilo") ranges.push({ path: ["network", "meshCidr"], range: network.meshCidr });
  return ranges.flatMap(({ path, range }, index) =>
    ranges
      .slice(0, index)
      .filter((earlier) => overlaps(earlier.range, range))
      .map((earlier) => ({
        path,
        value: range,
        reason: `overlaps ${earlier.range} of uap:${formatPath(earlier.path)}.`,
        fix: "Choose ranges that share no address.",
      })),
  );
}

function podsHaveRoom({ cluster, pools }: Sections): Finding[] {
  if (cluster.kind !== "k3s") return [];
  const room = Math.floor(2 ** (podsOfOneNode - prefixLength(cluster.podCidr)));
  const nodes = pools.reduce((sum, { pool }) => sum + nodeNames(pool).length, 0);
  return nodes > room
    ? [
        {
          path: ["cluster", "podCidr"],
          value: cluster.podCidr,
          reason: `has room for ${room} node${room === 1 ? "" : "s"} (each node gets a /${podsOfOneNode} of it), but the pools have ${nodes}.`,
          fix: "Choose a wider range, such as a /16.",
        },
      ]
    : [];
}
