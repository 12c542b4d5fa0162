import * as pulumi from "@pulumi/pulumi";
import type { ServerNode } from "./cloud.ts";

/**
 * For clouds that have servers of amd64 only.
 *
 * @param cloud the cloud's name for people
 * @throws pulumi.RunError when a node has another architecture.
 */
export function requireAmd64(cloud: string, nodes: readonly ServerNode[]): void {
  const wrong = nodes.find(({ arch }) => arch !== "amd64");
  if (!wrong) return;
  throw new pulumi.RunError(
    `uap:pools "${wrong.pool.name}": ${cloud} has no servers of ${wrong.arch}. ` +
      "Remove `arch`, or choose a cloud that has some, such as hetzner with a cax type.",
  );
}
