import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { SessionCluster } from "../session/cluster.ts";

/** What may be made to fail in the middle of an update. */
export const faults = ["engine-killed", "api-server-restarted"] as const;

/** What is made to fail: the engine's process, or the API server's, which comes back. */
export type Fault = (typeof faults)[number];

/** Strikes as soon as this share of the update's steps is done: late enough to lose something, early enough to matter. */
export const faultShare = 0.3;

/** Makes it happen. The next run must converge, with nothing lost and nothing made twice. */
export async function strike(fault: Fault, cluster: SessionCluster): Promise<void> {
  switch (fault) {
    case "engine-killed":
      for (const pid of await enginePids()) process.kill(pid, "SIGKILL");
      return;
    case "api-server-restarted":
      await cluster.restartApiServer();
      return;
    default:
      fault satisfies never;
  }
}

/** The engine's processes that this process started. */
async function enginePids(): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,comm="]);
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, command]) => Number(parent) === process.pid && command?.endsWith("pulumi"))
    .map(([pid]) => Number(pid));
}
