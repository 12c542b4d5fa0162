import type { ExistingCluster } from "../../config/sections/cluster.ts";
import type { Folders } from "../folders.ts";
import { KubernetesClient } from "../kubernetes/client.ts";
import { startKubernetes } from "../kubernetes/index.ts";
import type { ClusterTools, SessionCluster } from "./session-cluster.ts";
import type { RunOptions } from "./options.ts";
import { simulatedPatience } from "./patience.ts";

/** Starts the embedded cluster with the nodes that the configuration names. */
export async function startEmbedded(
  options: RunOptions,
  folders: Folders,
  tools: ClusterTools,
  cluster: ExistingCluster,
): Promise<SessionCluster> {
  const task = options.terminal.task("kubernetes");
  task.update("starting etcd, API server, controllers, scheduler and nodes");
  try {
    const kubernetes = await startKubernetes({
      name: options.stack,
      folder: folders.kubernetes,
      tools,
      nodes: simulatedNodes(cluster),
      traefik: cluster.ingress === "traefik" ? "installed" : "none",
      signal: options.signal,
    });
    const client = new KubernetesClient(kubernetes.kubeconfig);
    task.done(`embedded, ${simulatedNodes(cluster).length} simulated nodes, ${kubernetes.server}`);
    return {
      kind: "embedded",
      description: "the embedded cluster",
      kubeconfigPath: kubernetes.kubeconfigPath,
      client,
      environment: { KUBECONFIG: kubernetes.kubeconfigPath, ...simulatedPatience() },
      failed: kubernetes.failed,
      obstacles: () => new Map(),
      holdings: () => new Map(),
      memory: () => kubernetes.memory(),
      restartApiServer: () => kubernetes.restartApiServer(),
      stop: async () => {
        await client.close();
        await kubernetes.stop();
      },
    };
  } catch (error) {
    task.failed("did not start");
    throw error;
  }
}

function simulatedNodes({ name, nodes }: ExistingCluster) {
  const { count, cpu, memory, disk } = nodes;
  return Array.from({ length: count }, (_, index) => ({ name: `${name}-${index + 1}`, cpu, memory, disk }));
}
