/** Asking again, with growing pauses and an end. */
import { setTimeout as pause } from "node:timers/promises";

import { hasStatus, KubernetesError, UnreachableError } from "./kubernetes-error.ts";

export interface RetryOptions {
  /** Give up when this time has passed, in milliseconds. */
  readonly patience: number;
  /** Which failures may pass by themselves. */
  readonly when: (error: unknown) => boolean;
  /** Ends the pauses. @default nothing does */
  readonly signal?: AbortSignal;
}

/** The first pause and the longest one, in milliseconds. */
const shortest = 100;
const longest = 4_000;

/** Runs an operation until it succeeds, fails for good, or the patience is at its end; then throws its last failure. */
export async function retry<Result>(
  operation: () => Promise<Result>,
  options: RetryOptions,
): Promise<Result> {
  const end = Date.now() + options.patience;
  for (let delay = shortest; ; delay = Math.min(delay * 2, longest)) {
    try {
      return await operation();
    } catch (error) {
      const wait = Math.max(delay, askedPause(error));
      if (!options.when(error) || Date.now() + wait > end) throw error;
      await pause(wait, undefined, options.signal && { signal: options.signal });
    }
  }
}

/**
 * Internal errors that pass: etcd changes its leader; a server that has just come up does not know its address ranges yet
 * (it says "range is full"). A webhook that does not answer is none of them: Pulumi's own provider fails on it at once.
 */
const passingInternalError = /etcdserver|failed to allocate a serviceIP/;

/** Failures of a server that restarts or is too busy: 429, 503, 504, lost connections, and some internal errors. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return !/CERT|UNABLE_TO|ERR_TLS/.test(error.code);
  return (
    hasStatus(error, 429, 503, 504) || (hasStatus(error, 500) && passingInternalError.test(error.message))
  );
}

function askedPause(error: unknown): number {
  if (!(error instanceof KubernetesError)) return 0;
  return Math.min((error.details.retryAfterSeconds ?? 0) * 1000, longest);
}
