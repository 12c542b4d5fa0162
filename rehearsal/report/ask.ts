import type { KubernetesClient, Query } from "../kubernetes/client.ts";
import { isPassing, retry } from "../kubernetes/retry.ts";

/** A server that has just learned new kinds refuses to list them for a moment; longer than this, in milliseconds, it is something else. */
const patience = 15_000;

/** Reads from an API server that may be busy with what it was told just now. */
export function ask(client: KubernetesClient, path: string, query: Query = {}): Promise<unknown> {
  return retry(() => client.request("GET", path, { query }), { patience, when: isPassing });
}
