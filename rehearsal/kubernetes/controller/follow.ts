import { setTimeout as delay } from "node:timers/promises";

import { hasStatus, type KubernetesClient } from "../client.ts";
import type { KubernetesList, KubernetesObject } from "../objects.ts";

/** How long to wait before the next attempt after a failure, in milliseconds: doubled from the first to the last. */
const firstPause = 50;
const lastPause = 1_000;

/**
 * Brings every object of a collection into its desired state, now and after every change, until the signal aborts.
 *
 * When the API server goes away or refuses, it begins anew: it lists all objects and brings each into its state. So
 * `reconcile` looks at what is, does what is missing, and may be called as often as one likes.
 *
 * @param path the collection's path, for example `/api/v1/services`
 */
export async function follow(
  client: KubernetesClient,
  path: string,
  reconcile: (object: KubernetesObject) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let pause = firstPause;
  while (!signal.aborted) {
    try {
      const list = (await client.request("GET", path, { signal })) as KubernetesList<KubernetesObject>;
      for (const object of list.items) await bring(object, reconcile);
      const query = { resourceVersion: list.metadata.resourceVersion, allowWatchBookmarks: true };
      for await (const { type, object } of client.watch<KubernetesObject>(path, { query, signal })) {
        pause = firstPause;
        if (type === "ADDED" || type === "MODIFIED") await bring(object, reconcile);
      }
    } catch {
      // Whatever it was, the next attempt tells whether it still is.
      await delay(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, lastPause);
    }
  }
}

async function bring(
  object: KubernetesObject,
  reconcile: (object: KubernetesObject) => Promise<void>,
): Promise<void> {
  try {
    await reconcile(object);
  } catch (error) {
    // Gone or changed since it was read: the watch tells so next.
    if (!hasStatus(error, 404, 409)) throw error;
  }
}
