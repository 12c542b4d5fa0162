import type { Cidr } from "../addresses.ts";
import { overlaps } from "../addresses.ts";
import type { Finding } from "../problems.ts";
import { clouds, type CloudName } from "../regions.ts";
import type { Sections } from "../sections/index.ts";
import type { Check } from "./check.ts";

/** A range in which a cloud makes no private network. */
interface ReservedRange {
  readonly cloud: CloudName;
  readonly range: Cidr;
  /** Where that goes. @default all of the cloud's regions */
  readonly region?: string;
}

/**
 * What clouds keep for themselves, by DigitalOcean's page "How to Plan Your Custom VPC Network" and Linode's description of a VPC's subnet in
 * its API; 2026.
 */
const reservedRanges: readonly ReservedRange[] = [
  { cloud: "digitalocean", range: "10.10.0.0/16", region: "nyc1" },
  { cloud: "digitalocean", range: "10.229.0.0/16" },
  { cloud: "digitalocean", range: "10.244.0.0/16" },
  { cloud: "digitalocean", range: "10.245.0.0/16" },
  { cloud: "digitalocean", range: "10.246.0.0/24" },
  { cloud: "linode", range: "192.168.128.0/17" },
];

/** Whether every cloud makes private networks in the range that they are taken from. */
export const reservedRangeChecks: readonly Check[] = [
  { reads: ["cluster.kind", "network.privateCidr", "pools.cloud", "pools.region"], find: rangesAreFree },
];

/** The whole range has to be free, whichever part of it a cloud's places have. */
function rangesAreFree({ cluster, network, pools }: Sections): Finding[] {
  if (cluster.kind !== "k3s") return [];
  const reserved = reservedRanges.find(
    ({ cloud, range, region }) =>
      overlaps(range, network.privateCidr) &&
      pools.some(({ pool }) => pool.cloud === cloud && (region === undefined || pool.region === region)),
  );
  if (reserved === undefined) return [];
  const { cloud, range, region } = reserved;
  const owner = `${clouds[cloud].title} reserves for itself${region === undefined ? "" : ` in ${region}`}`;
  return [
    {
      path: ["network", "privateCidr"],
      value: network.privateCidr,
      reason: `overlaps ${range}, which ${owner}.`,
      fix: "Choose another range, such as 10.20.0.0/16.",
    },
  ];
}
