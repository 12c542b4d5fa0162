import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Configuration } from "../../config/index.ts";
import { kubeconfigPath, readKubeconfig } from "../../infra/kubeconfig.ts";
import { messageOf, UserError } from "../errors.ts";
import { KubernetesClient } from "../kubernetes/client.ts";
import { startKubernetes } from "../kubernetes/index.ts";
import type { Tools } from "../toolchain/index.ts";
import type { Folders, StackPlace } from "../folders.ts";
import type { RunOptions } from "./options.ts";

/** What a session must know of the configuration to have a cluster. */
type ClusterSettings = Pick<Configuration, "cluster">;

/** The cluster that a session deploys to. */
export interface SessionCluster {
  readonly kind: "embedded" | "given";
  /** What to call it in a sentence. */
  readonly description: string;
  readonly kubeconfigPath: string;
  readonly client: KubernetesClient;
  /** Resolves with the reason when it breaks down; never for a cluster that is not ours. */
  readonly failed: Promise<UserError>;
  /** Bytes that its processes hold; 0 for a cluster that is not ours. */
  memory(): Promise<number>;
  /** Kills the API server and starts it again. @throws UserError for a cluster that is not ours */
  restartApiServer(): Promise<void>;
  /** Ends it if it is ours. */
  stop(): Promise<void>;
}

/** Tools of the embedded cluster. */
export const clusterTools = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

/** Whether the session deploys to a cluster of the user's. */
export function usesGivenCluster(options: Omit<StackPlace, "stack">): boolean {
  return options.kubeconfig !== undefined || options.context !== undefined;
}

/** Starts the embedded cluster with the nodes that the configuration names. */
export async function startEmbedded(
  options: RunOptions,
  folders: Folders,
  tools: Tools<(typeof clusterTools)[number]>,
  configuration: ClusterSettings,
): Promise<SessionCluster> {
  const task = options.terminal.task("kubernetes");
  task.update("starting etcd, API server, controllers, scheduler and nodes");
  try {
    const kubernetes = await startKubernetes({
      name: options.stack,
      folder: folders.kubernetes,
      tools,
      nodes: simulatedNodes(configuration),
      signal: options.signal,
    });
    const client = new KubernetesClient(kubernetes.kubeconfig);
    task.done(`embedded, ${simulatedNodes(configuration).length} simulated nodes, ${kubernetes.server}`);
    return {
      kind: "embedded",
      description: "the embedded cluster",
      kubeconfigPath: kubernetes.kubeconfigPath,
      client,
      failed: kubernetes.failed,
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

function simulatedNodes({ cluster }: ClusterSettings) {
  if (cluster.kind !== "existing") return [];
  const { count, cpu, memory, disk } = cluster.nodes;
  return Array.from({ length: count }, (_, index) => ({
    name: `${cluster.name}-${index + 1}`,
    cpu,
    memory,
    disk,
  }));
}

/**
 * Connects to a cluster of the user's.
 *
 * @throws UserError when the kubeconfig is of no use, nobody answers, or the cluster lacks what the configuration counts on.
 */
export async function connectGiven(
  options: RunOptions,
  folders: Folders,
  configuration: ClusterSettings,
): Promise<SessionCluster> {
  const task = options.terminal.task("kubernetes");
  task.update("connecting");
  try {
    const selected = readKubeconfig(options.kubeconfig ?? kubeconfigPath(), options.context);
    // A file with this one context: what the program finds there cannot be another cluster.
    const path = join(folders.stack, "kubeconfig");
    await mkdir(folders.stack, { recursive: true });
    await writeFile(path, selected.contents, { mode: 0o600 });
    const client = new KubernetesClient(selected.contents);
    const version = (await client.request("GET", "/version")) as { gitVersion: string };
    await requireIngressClass(client, configuration, selected.context);
    task.done(`${selected.context}, ${version.gitVersion}, ${selected.server}`);
    return {
      kind: "given",
      description: `the cluster of context ${selected.context}`,
      kubeconfigPath: path,
      client,
      failed: Promise.withResolvers<UserError>().promise,
      memory: () => Promise.resolve(0),
      restartApiServer: () => Promise.reject(new UserError("Faults are for the embedded cluster only.")),
      stop: () => client.close(),
    };
  } catch (error) {
    task.failed("cannot be used");
    throw error instanceof UserError ? error : new UserError(messageOf(error));
  }
}

/** A web page that nobody serves would be waited for in vain: say so before anything is made. */
async function requireIngressClass(
  client: KubernetesClient,
  { cluster }: ClusterSettings,
  context: string,
): Promise<void> {
  if (cluster.kind !== "existing" || cluster.ingress === "none") return;
  const classes = (await client.request("GET", "/apis/networking.k8s.io/v1/ingressclasses")) as {
    items: { metadata: { name: string } }[];
  };
  const names = classes.items.map(({ metadata }) => metadata.name);
  if (names.includes(cluster.ingress)) return;
  throw new UserError(
    `The cluster of context ${context} has no ingress class "${cluster.ingress}" ` +
      `(it has: ${names.length === 0 ? "none" : names.join(", ")}), so nobody would serve the web pages. ` +
      'Install Traefik there, or set uap:cluster.ingress to "none" in the stack\'s configuration.',
  );
}
