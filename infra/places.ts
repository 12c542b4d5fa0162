import type { Pool } from "../config/sections/pools.ts";
import { zoneIndex, zoneInTurn } from "./clouds/aws-zones.ts";

/** The label by which Kubernetes, and Kilo, tell regions apart. */
export const regionLabel = "topology.kubernetes.io/region";
/** The label by which Kubernetes tells zones apart. */
export const zoneLabel = "topology.kubernetes.io/zone";

/** Last letters of a region's zones at AWS, where a new account does not have a, b and c; in us-west-1 it has two of them. */
const awsZones: Readonly<Record<string, string>> = {
  "ap-northeast-1": "acd",
  "ca-central-1": "abd",
  "us-west-1": "ac",
};

/**
 * The zone of a pool's nth node, from 0 on, where the cloud has zones: at Scaleway the pool's own, at AWS one zone after the
 * other.
 */
export function zoneOf({ cloud, region }: Pick<Pool, "cloud" | "region">, index: number): string | undefined {
  if (cloud === "scaleway") return region;
  if (cloud !== "aws") return undefined;
  const letters = awsZones[region] ?? "abc";
  return `${region}${zoneInTurn(letters, zoneIndex(index)) ?? ""}`;
}
