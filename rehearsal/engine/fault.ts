import { signalEngine } from "./process.ts";

/** What may be made to fail in the middle of an update. */
export const faults = ["engine-killed", "api-server-restarted"] as const;

/** What is made to fail: the engine's process, or the API server's, which comes back. */
export type Fault = (typeof faults)[number];

/** Strikes as soon as this share of the update's steps is done: late enough to lose something, early enough to matter. */
export const faultShare = 0.3;

/** A cluster whose API server can be made to fail. */
export interface Restartable {
  restartApiServer(): Promise<void>;
}

/** Makes it happen. The next run must converge, with nothing lost and nothing made twice. */
export async function strike(fault: Fault, cluster: Restartable): Promise<void> {
  switch (fault) {
    case "engine-killed":
      await signalEngine("SIGKILL");
      return;
    case "api-server-restarted":
      await cluster.restartApiServer();
      return;
    default:
      fault satisfies never;
  }
}
