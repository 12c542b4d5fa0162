import type { Finding } from "../config/problems.ts";
import { clouds } from "../config/regions.ts";
import type { Pool } from "../config/sections/pools.ts";
import { placeOf } from "./clouds/place.ts";
import type { NodeSettings } from "./cluster-node.ts";
import { findNetworkMistakes } from "./network-checks.ts";
import { gpuLabel, ingressLabel, roleLabel, spotLabel } from "./node-labels.ts";
import { regionLabel, zoneLabel } from "./places.ts";
import { complainAboutType, typeOf } from "./sizing/server-types.ts";

/** What keeps the pools from being planned; what the configuration can find out without knowing the clouds is checked already. */
export function findNodeMistakes(settings: NodeSettings): Finding[] {
  const ofPools = settings.pools.flatMap((pool, index) => [
    ...typeMistakes(pool, index),
    ...archMistakes(pool, index),
    ...labelMistakes(pool, index),
  ]);
  return [
    ...flannelMistakes(settings),
    ...controlPlaneMistakes(settings),
    ...findNetworkMistakes(settings),
    ...ofPools,
    ...regionMistakes(settings),
  ];
}

function typeMistakes(pool: Pool, index: number): Finding[] {
  if (pool.cloud === "on-prem") return [];
  const complaint = complainAboutType(pool);
  if (!complaint) return [];
  const { reason, fix = "" } = complaint;
  return [{ path: ["pools", index, "type"], value: pool.type, reason, fix }];
}

function archMistakes(pool: Pool, index: number): Finding[] {
  if (pool.cloud === "on-prem" || pool.arch === undefined) return [];
  const type = typeOf(pool);
  if (!type || type.arch === pool.arch) return [];
  const reason = `is not the architecture of ${pool.type}, which is ${type.arch}.`;
  const fix = `Remove it, or choose a type of ${clouds[pool.cloud].title} that is ${pool.arch}.`;
  return [{ path: ["pools", index, "arch"], value: pool.arch, reason, fix }];
}

/** Labels that say what the pool says elsewhere, and by what. */
const ownLabels: ReadonlyMap<string, string> = new Map([
  [regionLabel, "region"],
  ["node.kubernetes.io/instance-type", "type"],
  [roleLabel, "role"],
  [ingressLabel, "ingress"],
  [gpuLabel, "gpu"],
  [spotLabel, "spot"],
]);

function labelMistakes(pool: Pool, index: number): Finding[] {
  return Object.entries(pool.labels).flatMap(([key, value]) => {
    const source = key === zoneLabel && hasZones(pool) ? "cloud` and `region" : ownLabels.get(key);
    if (source === undefined) return [];
    const reason = `is a label that follows from the pool's \`${source}\`.`;
    return [{ path: ["pools", index, "labels", key], value, reason, fix: "Remove it." }];
  });
}

function hasZones({ cloud }: Pool): boolean {
  return cloud === "aws" || cloud === "scaleway";
}

/** Kilo takes nodes of one region for neighbours, so a name must not stand for two places. */
function regionMistakes({ cluster, pools }: NodeSettings): Finding[] {
  if (cluster.kind !== "k3s" || cluster.network !== "kilo") return [];
  return pools.flatMap((pool, index) => {
    const first = pools.findIndex(({ region }) => region === pool.region);
    const other = pools[first];
    if (other === undefined || other.cloud === pool.cloud) return [];
    const reason = `is also the region of pools[${first}] "${other.name}" at ${other.cloud}, so Kilo would take their nodes for neighbours.`;
    const fix =
      pool.cloud === "on-prem" || other.cloud === "on-prem"
        ? "Give the place of your own machines another name."
        : "Choose another region for one of them.";
    return [{ path: ["pools", index, "region"], value: pool.region, reason, fix }];
  });
}

/** Flannel sends pods' traffic over the private network as it is, so there can be only one. */
function flannelMistakes({ cluster, pools }: NodeSettings): Finding[] {
  if (cluster.kind !== "k3s" || cluster.network !== "flannel") return [];
  const places = placesOf(pools);
  if (places.length < 2) return [];
  const reason = `needs one private network, but the pools are in ${places.join(", ")}.`;
  const fix = "Write `network: wireguard`, or `network: kilo`.";
  return [{ path: ["cluster", "network"], value: cluster.network, reason, fix }];
}

/** etcd's members reach each other at their private addresses only (https://docs.k3s.io/networking/distributed-multicloud). */
function controlPlaneMistakes({ cluster, pools }: NodeSettings): Finding[] {
  if (cluster.kind !== "k3s") return [];
  const planes = pools.flatMap((pool, index) =>
    pool.role === "control-plane"
      ? [{ pool, index, place: pool.cloud === "on-prem" ? `on-prem ${pool.region}` : placesOf([pool])[0] }]
      : [],
  );
  const [first] = planes;
  return planes
    .filter(({ place }) => place !== first?.place)
    .map(({ pool, index, place }) => ({
      path: ["pools", index, "region"],
      value: pool.region,
      reason: `puts control planes in ${place ?? ""}, beside those in ${first?.place ?? ""}: etcd needs one private network for all of them.`,
      fix: "Put all control planes in one place; workers may be anywhere.",
    }));
}

function placesOf(pools: readonly Pool[]): string[] {
  return [
    ...new Set(pools.flatMap((pool) => (pool.cloud === "on-prem" ? [] : [`${pool.cloud} ${placeOf(pool)}`]))),
  ];
}
