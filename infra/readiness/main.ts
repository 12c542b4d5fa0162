/**
 * Waits until a cluster is ready, and says why when it is not in time. Started by a Pulumi command between the servers and the platform.
 *
 * Environment: `UAP_KUBECONFIG` (contents; secret), `UAP_NODES` (names, comma-separated), `UAP_TIMEOUT` (seconds).
 */
import { setTimeout as pause } from "node:timers/promises";
import { apiAccess } from "./access.ts";
import { explainObstacle, type Obstacle } from "./obstacle.ts";
import { Probe } from "./probe.ts";

const { UAP_KUBECONFIG = "", UAP_NODES = "", UAP_TIMEOUT = "900" } = process.env;
/** Between two looks, in milliseconds: a cluster that boots for minutes is not asked more often. */
const interval = 1_000;

const nodes = UAP_NODES.split(",").filter((name) => name !== "");
const started = performance.now();
const seconds = () => Math.round((performance.now() - started) / 1000);

const probe = new Probe(apiAccess(UAP_KUBECONFIG));
const obstacle = await waitForCluster();
probe.close();
if (obstacle) {
  console.error(`The cluster is not ready after ${seconds()} s: ${explainObstacle(obstacle)}`);
  process.exitCode = 1;
} else {
  console.log(`The API is ready, and so are all nodes (${nodes.length}).`);
}

/** @returns what stands in the way when the time is over. */
async function waitForCluster(): Promise<Obstacle | undefined> {
  let spoken = "";
  for (;;) {
    const seen = await probe.look(nodes);
    if (!seen || seconds() >= Number(UAP_TIMEOUT)) return seen;
    const sentence = explainObstacle(seen);
    // Each new obstacle once: the engine shows the last line.
    if (sentence !== spoken) console.error(`Waiting: ${(spoken = sentence)}`);
    await pause(interval);
  }
}
