import type { PlatformConfiguration } from "../../platform/layer.ts";
import { UserError } from "../errors.ts";
import type { Folders, StackPlace } from "../folders.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";
import type { Tools } from "../toolchain/index.ts";
import { startEmbedded } from "./embedded-cluster.ts";
import { connectGiven } from "./given-cluster.ts";
import type { RunOptions } from "./options.ts";
import { startSimulated } from "./simulated-cluster.ts";

/** The cluster that a session deploys to. */
export interface SessionCluster {
  /** Ours with nodes as configured; one of the user's; or whatever the servers of simulated clouds form. */
  readonly kind: "embedded" | "given" | "simulated";
  /** What to call it in a sentence. */
  readonly description: string;
  /** Undefined as long as no server has begun the cluster. */
  readonly client: KubernetesClient | undefined;
  readonly kubeconfigPath: string | undefined;
  /** By what the program, the engine and its plugins find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves with the reason when it breaks down; never for a cluster that is not ours. */
  readonly failed: Promise<Error>;
  /** Why machines are no nodes, by their names. */
  obstacles(): ReadonlyMap<string, string>;
  /** What the clouds hold: how many resources of each kind. */
  holdings(): ReadonlyMap<string, number>;
  /** Bytes that its processes hold; 0 for a cluster that is not ours. */
  memory(): Promise<number>;
  /** Kills the API server and starts it again. @throws UserError for a cluster that is not ours, or not there */
  restartApiServer(): Promise<void>;
  /** Ends it if it is ours. */
  stop(): Promise<void>;
}

/** Tools of a cluster of ours. */
export const clusterTools = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

/** Programs of a cluster of ours. */
export type ClusterTools = Tools<(typeof clusterTools)[number]>;

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
