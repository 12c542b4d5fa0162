import type { KubernetesClient } from "../kubernetes/client.ts";
import type { Tools } from "../toolchain/index.ts";

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
