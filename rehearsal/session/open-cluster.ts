import type { PlatformConfiguration } from "../../platform/layer.ts";
import { UserError } from "../errors.ts";
import type { Folders, StackPlace } from "../folders.ts";
import { startEmbedded } from "./embedded-cluster.ts";
import { connectGiven } from "./given-cluster.ts";
import type { RunOptions } from "./options.ts";
import type { ClusterTools, SessionCluster } from "./session-cluster.ts";
import { startSimulated } from "./simulated-cluster.ts";

/** Whether the session deploys to a cluster of the user's. */
export function usesGivenCluster(options: Omit<StackPlace, "stack">): boolean {
  return options.kubeconfig !== undefined || options.context !== undefined;
}

/**
 * Starts the cluster, or connects to it.
 *
 * @throws UserError when the stack makes a cluster of its own and another one is given.
 */
export async function openCluster(
  options: RunOptions,
  folders: Folders,
  tools: ClusterTools,
  configuration: PlatformConfiguration,
): Promise<SessionCluster> {
  const { cluster } = configuration;
  if (cluster.kind === "k3s") {
    if (usesGivenCluster(options))
      throw new UserError(
        `The stack "${options.stack}" makes a cluster of its own (uap:cluster.kind is "k3s"), so no kubeconfig or context can be given.`,
      );
    return startSimulated(options, folders, tools, { ...configuration, cluster });
  }
  return usesGivenCluster(options)
    ? connectGiven(options, folders, cluster)
    : startEmbedded(options, folders, tools, cluster);
}
