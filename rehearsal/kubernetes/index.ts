import { rm } from "node:fs/promises";
import path from "node:path";

import type { UserError } from "../errors.ts";
import type { Tools } from "../toolchain/index.ts";
import { keepAddress, type Address } from "./address.ts";
import { KubernetesClient } from "./client.ts";
import { files, kubernetesServiceAddress } from "./command-lines.ts";
import { ControlPlane, type Part } from "./control-plane.ts";
import { startController } from "./controller/index.ts";
import { startTraefikJob } from "./controller/traefik.ts";
import { createK3sObjects, createTraefik } from "./k3s-objects.ts";
import { formatKubeconfig } from "./kubeconfig.ts";
import type { Authorities } from "./pki/pki.ts";
import { adoptAuthorities, keepAuthorities, keepPki } from "./pki/store.ts";
import { writePrivateFile } from "./private-file.ts";
import { FolderClaim } from "./processes/folder-claim.ts";
import { waitForServiceAccount, waitUntilListening, waitUntilReady, withPatience } from "./readiness.ts";
import { registerNodes, releaseNodes, waitForNodes, type SimulatedNode } from "./simulated-node.ts";

export type { SimulatedNode, Taint } from "./simulated-node.ts";

/** What cluster to start. */
export interface KubernetesOptions {
  /** The cluster's name, for example `"local"`. */
  readonly name: string;
  /** Where everything of the cluster is kept. Starting again from the same folder resumes the same cluster. */
  readonly folder: string;
  readonly tools: Tools<Part>;
  /** The nodes that the cluster has; simulated nodes from an earlier start that are not among them are removed. */
  readonly nodes: readonly SimulatedNode[];
  /**
   * Whether the cluster brings Traefik along, as k3s does: one that has run for long has it, and one that begins installs it by a Job, as soon
   * as a node takes pods.
   *
   * @default "installed"
   */
  readonly traefik?: "installed" | "by a Job" | "none";
  /** Who vouches for the cluster. @default authorities of its own, made at the first start */
  readonly authorities?: Authorities;
  /** Further names in the API server's certificate. @default none */
  readonly names?: readonly string[];
  /** An address of this machine to listen at. @default a loopback address of the cluster's own */
  readonly address?: string;
  /** Gives the start up. Has no effect on a cluster that runs. */
  readonly signal?: AbortSignal;
}

/** A cluster that runs for as long as this process does. */
export interface RunningKubernetes extends AsyncDisposable {
  /** The contents of a kubeconfig file, for an administrator. Secret. */
  readonly kubeconfig: string;
  /** Where the same kubeconfig is kept, readable by its owner only. */
  readonly kubeconfigPath: string;
  /** The API server's address, for example `https://127.70.1.2:6443`. */
  readonly server: string;
  /** Resolves with the reason when one of the cluster's processes ends unexpectedly. */
  readonly failed: Promise<UserError>;
  /** The memory (resident set size) of all of the cluster's processes, in bytes. */
  memory(): Promise<number>;
  /** Kills the API server and starts it again; it is ready when this returns. */
  restartApiServer(): Promise<void>;
  /** Ends the cluster: no process and no port is left when this returns. What it holds stays in the folder. */
  stop(): Promise<void>;
}

/**
 * Starts a Kubernetes cluster: a real control plane on a loopback address, and nodes simulated by KWOK. It is ready to take a
 * workload when this returns.
 *
 * All of its processes end when this process ends, however it ends.
 *
 * @throws UserError when the folder is in use by another process, or a part of the cluster does not start.
 */
export async function startKubernetes(options: KubernetesOptions): Promise<RunningKubernetes> {
  const folder = path.resolve(options.folder);
  const claim = await FolderClaim.make(folder, `The cluster "${options.name}"`);
  const ends: (() => Promise<void>)[] = [() => claim.release()];
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= inTurn(ends.reverse()));
  try {
    return { ...(await start({ ...options, folder }, claim, ends)), stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts everything, and notes beside it how it ends. */
async function start(
  options: KubernetesOptions,
  claim: FolderClaim,
  ends: (() => Promise<void>)[],
): Promise<Omit<RunningKubernetes, "stop" | typeof Symbol.asyncDispose>> {
  const { folder, nodes, tools } = options;
  // Logs tell of one start: what an earlier one complained about would only mislead.
  await rm(path.join(folder, files.logs), { recursive: true, force: true });
  const address = await keepAddress(folder, options.address);
  const controlPlane = new ControlPlane({ folder, tools, address, claim });
  ends.push(() => controlPlane.stop());

  // etcd needs no certificates: it starts while they are made.
  await controlPlane.start("etcd");
  const access = await prepareAccess(options, address);
  const client = new KubernetesClient(access.kubeconfig);
  ends.push(() => client.close());

  await withPatience(controlPlane, options.signal, async (signal) => {
    await controlPlane.start("kube-apiserver");
    await waitUntilListening(client, signal);
    await controlPlane.start("kube-controller-manager", "kube-scheduler");
    await waitUntilReady(client, signal);
    await releaseNodes(client, signal);
    await controlPlane.start("kwok");
    const controller = startController(client, address.host);
    ends.push(() => controller.stop());
    await Promise.all([
      createK3sObjects(client, signal),
      bringTraefik(client, options.traefik ?? "installed", signal),
      registerNodes(client, nodes, address.host, signal).then(() => waitForNodes(client, signal)),
      waitForServiceAccount(client, signal),
    ]);
  });

  return {
    ...access,
    failed: controlPlane.failed,
    memory: () => controlPlane.memory(),
    restartApiServer: () =>
      withPatience(controlPlane, undefined, async (signal) => {
        await controlPlane.restart("kube-apiserver");
        await waitUntilReady(client, signal);
      }),
  };
}

function bringTraefik(
  client: KubernetesClient,
  traefik: NonNullable<KubernetesOptions["traefik"]>,
  signal: AbortSignal,
): Promise<void> {
  switch (traefik) {
    case "installed":
      return createTraefik(client, signal);
    case "by a Job":
      return startTraefikJob(client, signal);
    case "none":
      return Promise.resolve();
    default:
      return traefik satisfies never;
  }
}

/** Makes what is needed to be let in: certificates for the API server, and a kubeconfig for everybody else. */
async function prepareAccess(
  { folder, name, authorities: given, names }: KubernetesOptions,
  { host, port }: Address,
): Promise<Pick<RunningKubernetes, "kubeconfig" | "kubeconfigPath" | "server">> {
  const pki = path.join(folder, files.pki);
  const authorities = given ? await adoptAuthorities(pki, given) : await keepAuthorities(pki, name);
  const addresses = [host, "127.0.0.1", kubernetesServiceAddress];
  const { administrator } = await keepPki(pki, authorities, addresses, names);
  const server = `https://${host}:${port}`;
  const certificateAuthority = authorities.server.certificate;
  const kubeconfig = formatKubeconfig({ name, server, certificateAuthority, ...administrator });
  const kubeconfigPath = path.join(folder, files.kubeconfig);
  await writePrivateFile(kubeconfigPath, kubeconfig);
  return { kubeconfig, kubeconfigPath, server };
}

async function inTurn(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of steps) await step();
}
