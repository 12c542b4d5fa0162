/** Following objects as they change. */
import { hasStatus, UnreachableError } from "../../kubernetes/kubernetes-error.ts";
import type { Cluster } from "./cluster.ts";
import type { KubernetesObject } from "./manifest.ts";
import { listAt, textAt } from "./values.ts";

/** Objects by name, and the version of the collection that they were seen in. */
interface Snapshot {
  readonly objects: Map<string, KubernetesObject>;
  readonly resourceVersion: string | undefined;
}

/** Which objects to follow. */
export interface Selection {
  /** The collection's path. */
  readonly path: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

/** How a wait ended: with the object as wished for, or in vain. */
export interface WatchOutcome {
  readonly satisfied: boolean;
  /** The object as last seen; undefined when it does not exist. */
  readonly last: KubernetesObject | undefined;
}

/**
 * Follows one object by a watch until a condition holds or the signal ends the wait.
 *
 * @param object the object as the server has just answered it
 */
export async function watchObject(
  cluster: Cluster,
  object: KubernetesObject,
  until: (object: KubernetesObject | undefined) => boolean,
  signal: AbortSignal,
): Promise<WatchOutcome> {
  const { name, resourceVersion } = object.metadata;
  let last: KubernetesObject | undefined = object;
  if (until(last)) return { satisfied: true, last };
  const selection = { path: await cluster.collectionOf(object), fieldSelector: `metadata.name=${name}` };
  const start = { objects: new Map([[name, object]]), resourceVersion };
  for await (const objects of follow(cluster, selection, signal, start)) {
    last = objects.get(name);
    if (until(last)) return { satisfied: true, last };
  }
  return { satisfied: false, last };
}

/**
 * The objects of a collection, by name, each time one of them changes, until the signal ends it. It lists once, then watches;
 * a watch that ends is opened again, also over a restart of the API server.
 *
 * @param start what is known already, in place of the first list
 */
export async function* follow(
  cluster: Cluster,
  selection: Selection,
  signal: AbortSignal,
  start?: Snapshot,
): AsyncGenerator<ReadonlyMap<string, KubernetesObject>> {
  for (let snapshot = start; !signal.aborted; snapshot = undefined) {
    snapshot ??= await list(cluster, selection);
    yield snapshot.objects;
    yield* changes(cluster, selection, snapshot, signal);
  }
}

async function* changes(
  cluster: Cluster,
  { path, ...selectors }: Selection,
  { objects, resourceVersion }: Snapshot,
  signal: AbortSignal,
): AsyncGenerator<ReadonlyMap<string, KubernetesObject>> {
  try {
    for await (const { type, object } of cluster.watch(path, {
      query: { ...selectors, resourceVersion },
      signal,
    })) {
      if (type === "BOOKMARK") continue;
      if (type === "DELETED") objects.delete(object.metadata.name);
      else objects.set(object.metadata.name, object);
      yield objects;
    }
  } catch (error) {
    // 410: the server does not remember that far back. The next list waits for a server that is away.
    if (!(error instanceof UnreachableError) && !hasStatus(error, 410, 429, 500, 503, 504)) throw error;
  }
}

async function list(cluster: Cluster, { path, ...selectors }: Selection): Promise<Snapshot> {
  const answer = await cluster.request("GET", path, { query: selectors });
  // The items of a list do not repeat what the list says of them.
  const apiVersion = textAt(answer, "apiVersion") ?? "";
  const kind = textAt(answer, "kind")?.replace(/List$/, "") ?? "";
  const items = listAt(answer, "items").map(
    (item) => ({ apiVersion, kind, ...item }) as unknown as KubernetesObject,
  );
  return {
    objects: new Map(items.map((item) => [item.metadata.name, item])),
    resourceVersion: textAt(answer, "metadata", "resourceVersion"),
  };
}
