import type { CloudFault, Quota } from "../clouds/index.ts";
import { serverKinds } from "../clouds/index.ts";
import { signalEngine } from "./process.ts";

/** What may be made to fail in the middle of an update, by this program itself. */
const strikes = ["engine-killed", "api-server-restarted"] as const;

/** What simulated clouds may answer, as HTTP status and how often. */
const refusals = {
  "cloud-busy": { status: 429, times: 3 },
  "cloud-down": { status: 503, times: 3 },
  "token-refused": { status: 401, times: Infinity },
  "sold-out": { status: 412, times: 1 },
  "name-taken": { status: 409, times: 1 },
  "answer-lost": { status: 500, times: Infinity, carriedOut: true },
} as const;

type Strike = (typeof strikes)[number];
type Refusal = keyof typeof refusals;

/**
 * What is made to fail: the engine's process, or the API server's, which comes back; the order of a server at each simulated cloud; the
 * limit of one server at each; or the DNS zone, which nobody has created.
 */
export type Fault = Strike | Refusal | "quota-reached" | "zone-missing";

/** All faults by name. */
export const faults: readonly Fault[] = [
  ...strikes,
  ...(Object.keys(refusals) as Refusal[]),
  "quota-reached",
  "zone-missing",
];

/** Strikes as soon as this share of the update's steps is done: late enough to lose something, early enough to matter. */
export const faultShare = 0.3;

/** A cluster whose API server can be made to fail. */
export interface Restartable {
  restartApiServer(): Promise<void>;
}

/** Whether a fault strikes from here, in the middle of an update. */
export function isStrike(fault: Fault | undefined): fault is Strike {
  return strikes.some((strike) => strike === fault);
}

/** Makes it happen. The next run must converge, with nothing lost and nothing made twice. */
export async function strike(fault: Strike, cluster: Restartable): Promise<void> {
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

/** The orders of servers that simulated clouds refuse under a fault. */
export function refusalsOf(fault: Fault | undefined): CloudFault[] {
  if (fault === undefined || !(fault in refusals)) return [];
  const refusal = refusals[fault as Refusal];
  return serverKinds.map(({ cloud, kind }) => ({ cloud, kind, operation: "create", ...refusal }));
}

/** How many servers each simulated cloud allows under a fault. */
export function quotaOf(fault: Fault | undefined): Quota {
  if (fault !== "quota-reached") return {};
  return Object.fromEntries(serverKinds.map(({ cloud, kind }) => [cloud, { [kind]: 1 }]));
}
