import { setTimeout as delay } from "node:timers/promises";

import { UserError } from "../errors.ts";
import { hasStatus, UnreachableError, type KubernetesClient } from "./client.ts";
import type { ControlPlane } from "./control-plane.ts";

/** How long a cluster may take to become ready, in milliseconds: many times what a slow machine takes. */
const patience = 120_000;
/** Time between two questions, in milliseconds. */
const pollInterval = 20;

/**
 * Does work that waits for a control plane. The work's signal aborts when a part of the control plane ends, when the caller
 * gives up, and when it takes far too long.
 *
 * @throws UserError saying which of them it was.
 */
export async function withPatience(
  controlPlane: ControlPlane,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const limit = new AbortController();
  const giveUp = (reason: unknown) => {
    limit.abort(reason);
  };
  const timer = setTimeout(() => {
    giveUp(
      new UserError(`The cluster is not ready after ${patience / 1000} s. Its logs: ${controlPlane.logs}`),
    );
  }, patience);
  void controlPlane.failed.then(giveUp);
  const signal = caller === undefined ? limit.signal : AbortSignal.any([limit.signal, caller]);
  try {
    await work(signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until the API server answers at all, though it may answer that it is not ready. */
export async function waitUntilListening(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  await poll(signal, async () => {
    try {
      await client.request("GET", "/readyz", { signal });
    } catch (error) {
      if (error instanceof UnreachableError) throw error;
    }
  });
}

/** Waits until the API server says that it is ready. */
export async function waitUntilReady(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  await poll(signal, () => client.request("GET", "/readyz", { signal }));
}

/** Waits until pods can be created: each needs its namespace's service account, which the controller manager makes. */
export async function waitForServiceAccount(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  await poll(signal, () =>
    client.request("GET", "/api/v1/namespaces/default/serviceaccounts/default", { signal }),
  );
}

async function poll(signal: AbortSignal, attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      signal.throwIfAborted();
      const isEarly = error instanceof UnreachableError || hasStatus(error, 404, 500, 503);
      if (!isEarly) throw error;
      await delay(pollInterval, undefined, { signal });
    }
  }
}
