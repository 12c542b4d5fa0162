import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExistingCluster } from "../../config/sections/cluster.ts";
import { kubeconfigPath, readKubeconfig } from "../../infra/kubeconfig.ts";
import { messageOf, UserError } from "../errors.ts";
import type { Folders } from "../folders.ts";
import { KubernetesClient } from "../kubernetes/client.ts";
import type { SessionCluster } from "./session-cluster.ts";
import type { RunOptions } from "./options.ts";

/**
 * Connects to a cluster of the user's.
 *
 * @throws UserError when the kubeconfig is of no use, nobody answers, or the cluster lacks what the configuration counts on.
 */
export async function connectGiven(
  options: RunOptions,
  folders: Folders,
  cluster: ExistingCluster,
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
    await requireIngressClass(client, cluster, selected.context);
    task.done(`${selected.context}, ${version.gitVersion}, ${selected.server}`);
    return {
      kind: "given",
      description: `the cluster of context ${selected.context}`,
      kubeconfigPath: path,
      client,
      environment: { KUBECONFIG: path },
      obstacles: () => new Map(),
      holdings: () => new Map(),
      failed: Promise.withResolvers<Error>().promise,
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
  { ingress }: ExistingCluster,
  context: string,
): Promise<void> {
  if (ingress !== "traefik") return;
  const classes = (await client.request("GET", "/apis/networking.k8s.io/v1/ingressclasses")) as {
    items: { metadata: { name: string } }[];
  };
  const names = classes.items.map(({ metadata }) => metadata.name);
  if (names.includes(ingress)) return;
  throw new UserError(
    `The cluster of context ${context} has no ingress class "${ingress}" ` +
      `(it has: ${names.length === 0 ? "none" : names.join(", ")}), so nobody would serve the web pages. ` +
      'Set uap:cluster.ingress to "install" in the stack\'s configuration, or to "none" to do without them.',
  );
}
