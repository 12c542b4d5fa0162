import { existsSync } from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { openStack } from "../engine/workspace.ts";
import { UserError } from "../errors.ts";
import { FolderClaim } from "../kubernetes/processes/folder-claim.ts";
import { installPolicyHost } from "../providers/policy-host.ts";
import { installProviders, type InstalledProvider } from "../providers/install.ts";
import { obtainTools, progressLine, type Tools } from "../toolchain/index.ts";
import { openCluster, usesGivenCluster } from "./open-cluster.ts";
import { clusterTools, type SessionCluster } from "./session-cluster.ts";
import { rehearsalMark } from "../../platform/charts/simulation-check.ts";
import type { PlatformConfiguration } from "../../platform/layer.ts";
import { foldersOf, type Folders } from "../folders.ts";
import { makeCommand } from "./make-command.ts";
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
  const unmark = setVariables({ [rehearsalMark]: "true" });
  try {
    await openSession(options, work);
  } finally {
    unmark();
  }
}

async function openSession(options: RunOptions, work: (session: Session) => Promise<void>): Promise<void> {
  const stopwatch = new Stopwatch();
  const configuration = await readStackSettings(options.stack);
  const folders = foldersOf(options);
  await withClaim(options, folders, async () => {
    const tools = await stopwatch.time("tools", () => readyTools(options));
    const opening = stopwatch.time(configuration.cluster.kind === "k3s" ? "clouds" : "kubernetes", () =>
      openCluster(options, folders, tools, configuration),
    );
    // It is awaited below; should it fail before that, it does so there.
    opening.catch(() => undefined);
    let restore: () => void = () => undefined;
    try {
      // The engine opens its state while the cluster starts.
      const providers = await installPlugins(folders, configuration);
      const simulateCharts = needsSimulatedCharts(providers, configuration);
      const stack = await openEngine(options, folders, tools.pulumi, simulateCharts);
      const cluster = await opening;
      restore = setVariables(cluster.environment);
      await whileUp(cluster, options, (signal) =>
        work({ options: { ...options, signal }, folders, stack, cluster, providers, stopwatch }),
      );
    } finally {
      restore();
      const cluster = await opening.catch(() => undefined);
      await cluster?.stop();
    }
  });
}

/** Sets variables of this process, which its children inherit. @returns what takes them back */
function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}

/**
 * Opens the engine's stack without a cluster, for what needs its state only.
 *
 * @throws UserError when the stack was never brought up.
 */
export async function withStack(options: RunOptions, work: (stack: Stack) => Promise<void>): Promise<void> {
  const folders = requireKnown(options);
  await withClaim(options, folders, async () => {
    const { pulumi } = await obtainTools(["pulumi"], { signal: options.signal });
    await work(await openEngine(options, folders, pulumi, false));
  });
}

/** The folders of a stack that was brought up on this cluster before. @throws UserError when it never was */
export function requireKnown(options: RunOptions): Folders {
  const folders = foldersOf(options);
  if (existsSync(folders.state)) return folders;
  throw new UserError(
    `The stack "${options.stack}" is not up. Bring it up with \`${makeCommand(options, "up")}\`.`,
  );
}

/** Works on the stack as the one run that does. */
async function withClaim(options: RunOptions, folders: Folders, work: () => Promise<void>): Promise<void> {
  const claim = await FolderClaim.make(folders.stack, `The stack "${options.stack}"`);
  try {
    await work();
  } finally {
    await claim.release();
  }
}

/** Works until done, interrupted, or the cluster breaks down under the work; then that is the error. */
async function whileUp(
  cluster: SessionCluster,
  options: RunOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const breakdown = new AbortController();
  void cluster.failed.then((reason) => {
    breakdown.abort(reason);
  });
  try {
    await work(AbortSignal.any([options.signal, breakdown.signal]));
  } catch (error) {
    breakdown.signal.throwIfAborted();
    throw error;
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

/** On simulated clouds every plugin is ours: an official one would order from the real cloud, and look names up in the real DNS. */
async function installPlugins(
  { pulumiHome, programs }: Folders,
  { cluster }: PlatformConfiguration,
): Promise<readonly InstalledProvider[]> {
  const isSimulated = cluster.kind === "k3s";
  const [providers] = await Promise.all([
    installProviders({ pulumiHome, ...(isSimulated && { officialHomes: [] }) }),
    installPolicyHost(programs),
  ]);
  const official = providers.filter(({ kind }) => kind === "official").map(({ name }) => name);
  if (!isSimulated || official.length === 0) return providers;
  throw new UserError(
    `Official plugins are on your PATH (${official.map((name) => `pulumi-resource-${name}`).join(", ")}): they would order from the ` +
      "real clouds. Take their folder off PATH to rehearse this stack.",
  );
}

/** The stand-in for Kubernetes renders no charts: what is recorded of them is deployed in their place. */
function needsSimulatedCharts(
  providers: readonly InstalledProvider[],
  { charts }: PlatformConfiguration,
): boolean {
  const isStandIn = providers.some(({ name, kind }) => name === "kubernetes" && kind === "stand-in");
  return isStandIn && charts.source !== "facts";
}

async function openEngine(
  options: RunOptions,
  folders: Folders,
  pulumi: string,
  simulateCharts: boolean,
): Promise<Stack> {
  return openStack({
    simulateCharts,
    stack: options.stack,
    folders,
    pulumi,
    searchPath: [folders.programs],
    takesPlaceholders: !usesGivenCluster(options),
    passphrase: await obtainPassphrase(folders.passphraseFile),
    program: async () => (await import("../../index.ts")).default(),
  });
}
