/** Reading an object: to refresh a resource, to import one, or to get one that others manage. */
import { UnreachableError } from "../../kubernetes/kubernetes-error.ts";
import { InitializationError, type Properties, type ReadRequest } from "../protocol/provider.ts";
import { explained, managerFor } from "./apply.ts";
import { UnknownKindError, type Cluster } from "./cluster.ts";
import type { Configuration } from "./configuration.ts";
import { unreachable } from "./deletion.ts";
import {
  identified,
  importedInputs,
  managerOf,
  markedSecrets,
  toManifest,
  toState,
  type KubernetesObject,
} from "./manifest.ts";
import { projectedInputs } from "./projection.ts";
import { assessNow } from "./readiness/index.ts";

/** A resource as it is in the cluster. */
export interface ReadResult {
  readonly id: string;
  readonly state: Properties;
  readonly inputs: Properties;
}

/**
 * Reads an object. With inputs, they come back with the values that the cluster has now, so that drift shows as a difference
 * from the program; without, they are made from the live object.
 *
 * @returns undefined when the object, or its kind, does not exist any more.
 */
export async function read(
  cluster: Cluster,
  configuration: Configuration,
  request: ReadRequest,
): Promise<ReadResult | undefined> {
  const object = identified(request.id, request.type, request.inputs);
  try {
    await cluster.reach();
    const live = await cluster.find(await cluster.placed(object));
    return live === undefined ? undefined : await resultOf(cluster, request, live);
  } catch (error) {
    if (error instanceof UnknownKindError) return undefined;
    if (error instanceof UnreachableError) return unread(configuration, request, error);
    throw explained(error, object, "read");
  }
}

async function resultOf(cluster: Cluster, request: ReadRequest, live: KubernetesObject): Promise<ReadResult> {
  const { id } = request;
  const manager = managerFor(live, request.urn, managerOf(request.state));
  const state = toState(live, manager);
  if (!isKnown(request.inputs)) return { id, state, inputs: importedInputs(live) };
  const inputs = markedSecrets(projectedInputs(request.inputs, live));
  const reasons = await assessNow(cluster, toManifest(request.inputs), live);
  if (reasons.length > 0) throw new InitializationError(reasons.join("\n"), { id, state, inputs }, reasons);
  return { id, state, inputs };
}

/** The cluster does not answer: forget the resource, leave it as it is, or fail, as the user has decided. */
function unread(
  configuration: Configuration,
  request: ReadRequest,
  error: UnreachableError,
): ReadResult | undefined {
  if (configuration.deleteUnreachable) return undefined;
  if (configuration.skipUpdateUnreachable) {
    return { id: request.id, state: request.state, inputs: request.inputs };
  }
  throw unreachable(error, "read");
}

/** Properties of a resource that was in the state before. */
function isKnown(properties: Properties): boolean {
  return properties.kind !== undefined && properties.apiVersion !== undefined;
}
