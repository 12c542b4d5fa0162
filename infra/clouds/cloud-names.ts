import { createHash } from "node:crypto";
import type { ServerNode } from "./cloud.ts";
import { isReplaced, replaceMark } from "./server-options.ts";

const digestLength = 6;

/**
 * A name for something in a cloud account, which several clusters may share: its parts joined by hyphens. Runs of hyphens, which some clouds refuse,
 * become one; what is too long is cut and ends in a digest of the whole, so that two names never become the same.
 *
 * @param limit the most characters that the cloud allows
 */
export function cloudName(limit: number, ...parts: readonly string[]): string {
  const whole = parts.join("-");
  const name = whole.replaceAll(/-{2,}/g, "-");
  if (name === whole && name.length <= limit) return name;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, digestLength);
  const kept = name.slice(0, limit - digestLength - 1).replace(/-+$/, "");
  return `${kept}-${digest}`;
}

/**
 * Name of what the servers of one place share and have one of, such as a network or a role.
 *
 * @param place as place.ts names it
 */
export function placeName(cluster: string, cloud: string, place: string): string {
  return cloudName(63, cluster, `${cloud}-${place}`);
}

/** Marks of everything that belongs to a cluster, for clouds whose tags are plain texts of 3 to 50 characters. */
export function clusterTags(cluster: string): string[] {
  return ["uap", cloudName(50, "cluster", cluster)];
}

/** Tags of a server: its cluster's, and the mark while it is to be created anew. */
export function serverTags(cluster: string, node: Pick<ServerNode, "name" | "pool">): string[] {
  return [...clusterTags(cluster), ...(isReplaced(node) ? [replaceMark] : [])];
}
