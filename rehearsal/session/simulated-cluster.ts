import { watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { K3sClusterSettings } from "../../infra/k3s-cluster.ts";
import { planNodes } from "../../infra/nodes.ts";
import { ConfigurationError } from "../../config/problems.ts";
import { cloudsVariable, startClouds, type RunningClouds } from "../clouds/index.ts";
import { quotaOf, refusalsOf } from "../engine/fault.ts";
import { UserError } from "../errors.ts";
import type { Folders } from "../folders.ts";
import { Fleet } from "../machines/fleet.ts";
import type { ClusterTools, SessionCluster } from "./session-cluster.ts";
import type { RunOptions } from "./options.ts";
import { simulatedPatience } from "./patience.ts";

/** Where a person sits whom nobody lets in: an address of nobody (RFC 5737). */
const elsewhere = "192.0.2.2";

/** Starts the simulated clouds, and boots every server that is ordered there; those of earlier runs are up when this returns. */
export async function startSimulated(
  options: RunOptions,
  folders: Folders,
  tools: ClusterTools,
  settings: K3sClusterSettings,
): Promise<SessionCluster> {
  const task = options.terminal.task("clouds");
  task.update("starting the simulated clouds and their servers");
  try {
    const planned = plannedNodes(settings, options.stack);
    await mkdir(folders.seeds, { recursive: true, mode: 0o700 });
    const clouds = await startClouds({
      folder: folders.clouds,
      zones: zonesOf(settings, options.fault),
      faults: refusalsOf(options.fault),
      quota: quotaOf(options.fault),
    });
    const fleet = new Fleet({
      name: settings.cluster.name,
      clouds,
      folder: folders.kubernetes,
      tools,
      planned,
      seeds: folders.seeds,
      operator: settings.access.operatorCidrs[0]?.split("/")[0] ?? elsewhere,
      signal: options.signal,
    });
    const watcher = watch(folders.seeds, { recursive: true, persistent: false }, () => {
      fleet.lookAgain();
    });
    await settledOrStopped(fleet, clouds);
    task.done(`simulated, ${fleet.size === 0 ? "no servers yet" : `${fleet.size} nodes are up`}`);
    return {
      kind: "simulated",
      description: "the cluster on simulated clouds",
      get client() {
        return fleet.cluster?.client;
      },
      get kubeconfigPath() {
        return fleet.cluster?.kubernetes.kubeconfigPath;
      },
      environment: environmentOf(clouds, folders),
      failed: fleet.failed,
      obstacles: () => fleet.obstacles,
      holdings: () => holdingsOf(clouds),
      memory: () => fleet.cluster?.kubernetes.memory() ?? Promise.resolve(0),
      restartApiServer: () =>
        fleet.cluster?.kubernetes.restartApiServer() ??
        Promise.reject(new UserError("No server has begun the cluster yet.")),
      stop: async () => {
        watcher.close();
        await fleet.stop();
        await clouds.stop();
      },
    };
  } catch (error) {
    task.failed("did not start");
    throw error;
  }
}

async function settledOrStopped(fleet: Fleet, clouds: RunningClouds): Promise<void> {
  try {
    await fleet.settled();
  } catch (error) {
    await fleet.stop();
    await clouds.stop();
    throw error;
  }
}

function plannedNodes(settings: K3sClusterSettings, stack: string) {
  try {
    return planNodes(settings, { stack });
  } catch (error) {
    throw error instanceof ConfigurationError ? new UserError(error.message) : error;
  }
}

/** The zone of the stack's records; a service that hosts none resolves nothing. */
function zonesOf({ dns }: K3sClusterSettings, fault: RunOptions["fault"]): string[] {
  return dns.provider === "none" || fault === "zone-missing" ? [] : [dns.zone];
}

/** Plugins order from the simulated clouds, and names in their zones lead to the simulated servers. */
function environmentOf({ url }: RunningClouds, { seeds }: Folders): Record<string, string> {
  const resolver = pathToFileURL(join(import.meta.dirname, "..", "clouds", "resolver.ts")).href;
  return {
    [cloudsVariable]: url,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${resolver}`.trim(),
    UAP_SEEDS: seeds,
    ...simulatedPatience(),
  };
}

/** What is there besides the zones, which were there before. */
function holdingsOf(clouds: RunningClouds): ReadonlyMap<string, number> {
  const ordered = clouds.state().resources.filter(({ urn }) => urn !== "");
  const kinds = Map.groupBy(ordered, ({ cloud, kind }) => `${cloud} ${kind}`);
  return new Map([...kinds].map(([kind, resources]) => [kind, resources.length]));
}
