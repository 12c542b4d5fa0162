/** Changing an object, and previewing that. */
import { hasStatus, UnreachableError } from "../../kubernetes/kubernetes-error.ts";
import { containsUnknown, unknownValue, type Properties, type UpdateRequest } from "../protocol/provider.ts";
import { apply, explained, forces, managerFor, whenPossible } from "./apply.ts";
import { parsePath, valueAt, type Path } from "./changes.ts";
import { UnknownKindError, type Cluster } from "./cluster.ts";
import type { Configuration } from "./configuration.ts";
import { finish } from "./creation.ts";
import { relinquish } from "./deletion.ts";
import { managerOf, toManifest, toState, type KubernetesObject } from "./manifest.ts";
import { owns } from "./ownership.ts";
import { isMapping } from "./values.ts";

/** Applies the new inputs, waits until the object is ready, and gives the new outputs. */
export async function update(
  cluster: Cluster,
  configuration: Configuration,
  request: UpdateRequest,
): Promise<Properties> {
  const wanted = toManifest(request.newInputs);
  const manager = managerFor(wanted, request.urn, managerOf(request.oldState));
  const applied = await whenPossible(cluster, async () => {
    const object = await withoutIgnored(
      cluster,
      await cluster.placed(wanted),
      manager,
      request.ignoreChanges,
    );
    return apply(cluster, object, { manager, force: forces(object, configuration) });
  }).catch((error: unknown) => {
    throw explained(error, wanted, "update");
  });
  const former = managerOf(request.oldState);
  const handedOver = former !== undefined && former !== manager;
  const live = (handedOver ? await relinquish(cluster, applied, former) : undefined) ?? applied;
  const { timeout, newInputs: inputs } = request;
  return (await finish(cluster, wanted, live, { inputs, timeout, manager })).state;
}

/** Lets the server work out an update without keeping it. @throws UserError with the server's message when it refuses. */
export async function previewUpdate(
  cluster: Cluster | undefined,
  configuration: Configuration,
  request: UpdateRequest,
): Promise<Properties> {
  if (cluster === undefined || containsUnknown(request.newInputs)) return request.newInputs;
  const wanted = toManifest(request.newInputs);
  const manager = managerFor(wanted, request.urn, managerOf(request.oldState));
  try {
    await cluster.reach();
    const object = await withoutIgnored(
      cluster,
      await cluster.placed(wanted),
      manager,
      request.ignoreChanges,
    );
    const force = forces(object, configuration);
    const outcome = await apply(cluster, object, { manager, force, dryRun: true });
    const changed = { resourceVersion: unknownValue, generation: unknownValue };
    const metadata = { ...outcome.metadata, ...changed };
    return toState({ ...outcome, metadata } as unknown as KubernetesObject, manager);
  } catch (error) {
    const unchecked =
      error instanceof UnreachableError || error instanceof UnknownKindError || hasStatus(error, 403, 404);
    if (unchecked) return request.newInputs;
    throw explained(error, wanted, "update");
  }
}

/**
 * The object without what `ignoreChanges` names: a field that this manager has set keeps the value that it has in the cluster; a
 * field that others have set (an autoscaler its replicas) is theirs.
 */
export async function withoutIgnored(
  cluster: Cluster,
  object: KubernetesObject,
  manager: string,
  ignoreChanges: readonly string[],
): Promise<KubernetesObject> {
  if (ignoreChanges.length === 0) return object;
  const live = await cluster.find(object);
  if (live === undefined) return object;
  const ignored = ignoreChanges.map(parsePath).filter((path) => !path.includes("*"));
  return ignored.reduce<KubernetesObject>((result, path) => {
    const value = owns(live, manager, path) ? valueAt(live, path) : undefined;
    // An element cannot be taken out of a list without moving its neighbours.
    if (value === undefined && path.some((step) => typeof step === "number")) return result;
    return withValue(result, path, value) as KubernetesObject;
  }, object);
}

/** The value with another one at a path; undefined takes it away. A path that leads nowhere changes nothing. */
function withValue(value: unknown, [step, ...rest]: Path, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  if (Array.isArray(value) && typeof step === "number") {
    return value.map((item: unknown, index) => (index === step ? withValue(item, rest, replacement) : item));
  }
  if (!isMapping(value) || typeof step !== "string") return value;
  const inner =
    rest.length > 0 && value[step] === undefined ? undefined : withValue(value[step], rest, replacement);
  const entries = Object.entries({ ...value, [step]: inner }).filter(([, kept]) => kept !== undefined);
  return Object.fromEntries(entries);
}
