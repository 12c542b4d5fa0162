import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { openStack } from "../engine/workspace.ts";
import { FolderClaim } from "../kubernetes/processes/folder-claim.ts";
import { installPolicyHost } from "../providers/policy-host.ts";
import { installProviders, type InstalledProvider } from "../providers/install.ts";
import { obtainTools, progressLine, type Tools } from "../toolchain/index.ts";
import {
  clusterTools,
  connectGiven,
  startEmbedded,
  usesGivenCluster,
  type SessionCluster,
} from "./cluster.ts";
import { foldersOf, type Folders } from "./folders.ts";
import type { RunOptions } from "./options.ts";
import { obtainPassphrase } from "./passphrase.ts";
import { readStackSettings } from "./settings.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Everything a command works with: the engine's stack and the cluster it deploys to, both running. */
export interface Session {
  readonly options: RunOptions;
  readonly folders: Folders;
  readonly stack: Stack;
  readonly cluster: SessionCluster;
  readonly providers: readonly InstalledProvider[];
  readonly stopwatch: Stopwatch;
}

/**
 * Opens a session, works in it, and ends everything that was started, whatever happens.
 *
 * @throws UserError for what a person can mend: a mistake in the configuration, a run under way, a missing tool.
 */
export async function withSession(
  options: RunOptions,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const stopwatch = new Stopwatch();
  const configuration = await readStackSettings(options.stack);
  const folders = foldersOf(options);
  const claim = await FolderClaim.make(folders.stack, `The stack "${options.stack}"`);
  try {
    const tools = await stopwatch.time("tools", () => readyTools(options));
    const opening = stopwatch.time("kubernetes", () =>
      usesGivenCluster(options)
        ? connectGiven(options, folders, configuration)
        : startEmbedded(options, folders, tools, configuration),
    );
    // It is awaited below; should it fail before that, it does so there.
    opening.catch(() => undefined);
    try {
      // The engine opens its state while the cluster starts.
      const [stack, providers] = await Promise.all([
        openEngine(options, folders, tools.pulumi),
        installPlugins(folders),
      ]);
      const cluster = await opening;
      // What the program finds by itself, here and under plain `pulumi up`.
      process.env.KUBECONFIG = cluster.kubeconfigPath;
      await work({ options, folders, stack, cluster, providers, stopwatch });
    } finally {
      await opening.then((cluster) => cluster.stop()).catch(() => undefined);
    }
  } finally {
    await claim.release();
  }
}

async function readyTools({ terminal, signal, ...options }: RunOptions) {
  const task = terminal.task("tools");
  const names = usesGivenCluster(options) ? (["pulumi"] as const) : (["pulumi", ...clusterTools] as const);
  try {
    const tools = await obtainTools(names, {
      signal,
      report: (event) => {
        task.update(progressLine(event));
      },
    });
    task.done(usesGivenCluster(options) ? "the engine is ready" : "the engine and Kubernetes are ready");
    return tools as Tools;
  } catch (error) {
    task.failed("not all there");
    throw error;
  }
}

async function installPlugins(folders: Folders): Promise<readonly InstalledProvider[]> {
  const [providers] = await Promise.all([
    installProviders({ pulumiHome: folders.pulumiHome }),
    installPolicyHost(folders.programs),
  ]);
  return providers;
}

async function openEngine(options: RunOptions, folders: Folders, pulumi: string): Promise<Stack> {
  return openStack({
    stack: options.stack,
    folders,
    pulumi,
    searchPath: [folders.programs],
    passphrase: await obtainPassphrase(folders.passphraseFile),
    program: async () => (await import("../../index.ts")).default(),
  });
}
