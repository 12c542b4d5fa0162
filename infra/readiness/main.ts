/**
 * Waits until a cluster is ready, and says why when it is not in time. Meanwhile it writes labels, taints and annotations to the Nodes that
 * are there. Started by a Pulumi command between the servers and the platform.
 *
 * Standard input: what Nodes get, as `marksText` writes it, or nothing.
 * Environment: `UAP_KUBECONFIG` (contents; secret), `UAP_NODES` and `UAP_MACHINES` (names, comma-separated), `UAP_UNTIL` (`joined` when
 * nodes need not be ready), `UAP_TRAEFIK` (`true` when k3s' Traefik is waited for, too), `UAP_RECORDS` (lines), `UAP_STACK`, `UAP_TIMEOUT` (seconds), and from outside `UAP_READY_TIMEOUT`, which goes before it, and `UAP_SEEDS`.
 */
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { seedsFolder, shownFolder } from "../bootstrap/seeds-folder.ts";
import { apiAccess, KubernetesApi } from "../kubernetes-api.ts";
import { parseMarks } from "../node-marks.ts";
import { explain, type Handwork } from "./explanation.ts";
import type { Obstacle } from "./obstacle.ts";
import { firstPause, nextPause } from "./pauses.ts";
import { look, type Expectation } from "./probe.ts";

/** Most names of nodes in a line about the progress: it is said again whenever a node joins. */
const namesShown = 5;

const { UAP_KUBECONFIG = "", UAP_NODES, UAP_MACHINES, UAP_RECORDS, UAP_STACK = "" } = process.env;
const nodes = split(UAP_NODES, ",");
const until = process.env.UAP_UNTIL === "joined" ? "joined" : "ready";
const expected: Expectation = {
  nodes,
  until,
  marks: parseMarks(await text(process.stdin)),
  traefik: process.env.UAP_TRAEFIK === "true",
};
const timeout = timeoutSeconds(process.env);
const handwork: Handwork = {
  machines: split(UAP_MACHINES, ","),
  seeds: shownFolder(seedsFolder(UAP_STACK)),
  records: split(UAP_RECORDS, "\n"),
};
const started = performance.now();
const seconds = () => (performance.now() - started) / 1000;

const api = new KubernetesApi(apiAccess(UAP_KUBECONFIG));
const obstacle = await waitForCluster();
api.close();
if (obstacle) {
  const { seen, advice } = explain(obstacle, handwork);
  console.error([`The cluster is not ready after ${seconds().toFixed(0)} s: ${seen}`, ...advice].join("\n"));
  process.exitCode = 1;
} else {
  const state = until === "joined" ? "all nodes have joined" : "so are all nodes";
  console.log(`The API is ready, and ${state} (${nodes.length}).`);
}

/** @returns what stands in the way when the time is over. */
async function waitForCluster(): Promise<Obstacle | undefined> {
  const said = new Set<string>();
  for (let milliseconds = firstPause; ; milliseconds = nextPause(milliseconds)) {
    const seen = await look(api, expected);
    const left = timeout - seconds();
    if (!seen || left <= 0) return seen;
    say(seen, said);
    await pause(Math.min(milliseconds, left * 1000));
  }
}

/** Each line once. What is waited for comes last: the engine shows the last line. */
function say(seen: Obstacle, said: Set<string>): void {
  const explanation = explain(seen, handwork, namesShown);
  for (const line of [...explanation.advice, `Waiting: ${explanation.seen}`]) {
    if (!said.has(line)) console.error(line);
    said.add(line);
  }
}

function timeoutSeconds({ UAP_READY_TIMEOUT, UAP_TIMEOUT }: NodeJS.ProcessEnv): number {
  const text = [UAP_READY_TIMEOUT, UAP_TIMEOUT].find((value) => value !== undefined && value !== "") ?? "900";
  if (/^\d+$/.test(text)) return Number(text);
  console.error(`UAP_READY_TIMEOUT is "${text}": give a number of seconds, such as 900.`);
  process.exit(1);
}

function split(text: string | undefined, separator: string): string[] {
  return (text ?? "").split(separator).filter((part) => part !== "");
}
