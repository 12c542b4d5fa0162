/** Creating an object, and previewing that. */
import { UserError } from "../../errors.ts";
import { hasStatus, UnreachableError } from "../../kubernetes/kubernetes-error.ts";
import {
  containsUnknown,
  InitializationError,
  unknownValue,
  type CreateRequest,
  type Properties,
} from "../protocol/provider.ts";
import {
  alreadyExists,
  apply,
  explained,
  forces,
  managerFor,
  ownersOf,
  validate,
  whenPossible,
} from "./apply.ts";
import { UnknownKindError, type Cluster } from "./cluster.ts";
import type { Configuration } from "./configuration.ts";
import { waitUntilGone } from "./deletion.ts";
import {
  describe,
  idOf,
  inNamespace,
  isPatch,
  toManifest,
  toState,
  type KubernetesObject,
} from "./manifest.ts";
import { fieldManager } from "./naming.ts";
import { isAppliedBy } from "./ownership.ts";
import { awaitReady, timeoutOf } from "./readiness/index.ts";
import { isMapping, mappingAt, without } from "./values.ts";

/**
 * Creates an object and waits until it is ready.
 *
 * An object that exists already is taken over only when this very resource has made it before: a run that was killed between
 * the request and the write of its state is continued, and nobody else's object is overwritten.
 */
export async function create(
  cluster: Cluster,
  configuration: Configuration,
  request: CreateRequest,
): Promise<{ readonly id: string; readonly state: Properties }> {
  const wanted = toManifest(request.inputs);
  const manager = managerFor(wanted, request.urn);
  const live = await whenPossible(cluster, async () => {
    const object = await cluster.placed(wanted);
    const existing = await settled(cluster, object, timeoutOf(wanted, request.timeout));
    if (isPatch(request.type, wanted.kind)) requireExisting(existing, object);
    else if (existing !== undefined && !configuration.upsertExistingObjects)
      requireOurs(existing, request.urn);
    return apply(cluster, object, { manager, force: forces(object, configuration) });
  }).catch((error: unknown) => {
    throw explained(error, wanted, "create");
  });
  return finish(cluster, wanted, live, { ...request, manager });
}

/** What finishes both a creation and an update: the wait for readiness, and the outputs. */
export async function finish(
  cluster: Cluster,
  wanted: KubernetesObject,
  live: KubernetesObject,
  request: { readonly inputs: Properties; readonly timeout: number; readonly manager: string },
): Promise<{ readonly id: string; readonly state: Properties }> {
  const readiness = await awaitReady(cluster, wanted, live, timeoutOf(wanted, request.timeout)).catch(
    (error: unknown) => ({ live, reasons: [error instanceof Error ? error.message : String(error)] }),
  );
  const resource = { id: idOf(readiness.live), state: toState(readiness.live, request.manager) };
  if (readiness.reasons.length === 0) return resource;
  const message = readiness.reasons.join("\n  - ");
  throw new InitializationError(message, { ...resource, inputs: request.inputs }, readiness.reasons);
}

/**
 * Lets the server check an object without keeping it, and shows what it would make of it. What cannot be checked yet (values or
 * a cluster that are not known, a namespace or a kind that this run creates) is planned as the program has it.
 *
 * @throws UserError with the server's message when the object is invalid.
 */
export async function previewCreation(
  cluster: Cluster | undefined,
  configuration: Configuration,
  request: CreateRequest,
): Promise<Properties> {
  if (cluster === undefined || containsUnknown(request.inputs)) return request.inputs;
  const wanted = toManifest(request.inputs);
  const manager = managerFor(wanted, request.urn);
  try {
    await cluster.reach();
    const object = await cluster.placed(wanted);
    const outcome = isPatch(request.type, wanted.kind)
      ? await previewPatch(cluster, object, { manager, force: forces(object, configuration) })
      : await previewObject(cluster, object, {
          manager,
          adopts: configuration.upsertExistingObjects,
          urn: request.urn,
        });
    return outcome === undefined ? request.inputs : planned(outcome, request.inputs, manager);
  } catch (error) {
    // 403: this user may read and not write, as in the preview of a pull request, or what the object needs is missing yet.
    const unchecked =
      error instanceof UnreachableError || error instanceof UnknownKindError || hasStatus(error, 403, 404);
    if (unchecked) return request.inputs;
    throw explained(error, wanted, "accept");
  }
}

async function previewObject(
  cluster: Cluster,
  object: KubernetesObject,
  options: { readonly manager: string; readonly adopts: boolean; readonly urn: string },
): Promise<KubernetesObject | undefined> {
  try {
    return await validate(cluster, object, options.manager);
  } catch (error) {
    if (isExisting(error)) {
      // The object is valid, for the server checks that first. It is ours where this run replaces it.
      const existing = await cluster.find(object);
      const foreign = existing !== undefined && existing.metadata.deletionTimestamp === undefined;
      if (foreign && !options.adopts) requireOurs(existing, options.urn);
      return undefined;
    }
    if (!hasStatus(error, 404) || error.details.kind !== "namespaces") throw error;
    await validateElsewhere(cluster, object, options.manager);
    return undefined;
  }
}

/** The namespace is created in the same run: check the object in one that always exists. */
async function validateElsewhere(cluster: Cluster, object: KubernetesObject, manager: string): Promise<void> {
  try {
    await validate(cluster, inNamespace(object, "default"), manager);
  } catch (error) {
    if (!isExisting(error)) throw error;
  }
}

async function previewPatch(
  cluster: Cluster,
  object: KubernetesObject,
  options: { readonly manager: string; readonly force: boolean },
): Promise<KubernetesObject | undefined> {
  // The object to patch may be created in the same run.
  if ((await cluster.find(object)) === undefined) return undefined;
  return apply(cluster, object, { ...options, dryRun: true });
}

/**
 * Outputs of an object that does not exist yet: what the server makes of the inputs, without what it makes up for the occasion
 * (identity, addresses), which is not known before the update.
 */
function planned(outcome: KubernetesObject, inputs: Properties, manager: string): Properties {
  const invented = Object.fromEntries(
    ["uid", "resourceVersion", "creationTimestamp", "generation"].map((key) => [key, unknownValue]),
  );
  const state = toState({ ...outcome, metadata: { ...outcome.metadata, ...invented } }, manager);
  const known = without(state, "status");
  return outcome.kind === "Service" && isMapping(known.spec)
    ? { ...known, spec: withoutAddresses(known.spec, inputs) }
    : known;
}

function withoutAddresses(spec: Properties, inputs: Properties): Properties {
  const given = mappingAt(inputs, "spec");
  const allocated = ["clusterIP", "clusterIPs", "healthCheckNodePort"].filter(
    (key) => spec[key] !== given[key],
  );
  return { ...spec, ...Object.fromEntries(allocated.map((key) => [key, unknownValue])) };
}

/** The object as it exists, once a deletion that is under way has ended. */
async function settled(
  cluster: Cluster,
  object: KubernetesObject,
  timeout: number,
): Promise<KubernetesObject | undefined> {
  const existing = await cluster.find(object);
  if (existing?.metadata.deletionTimestamp === undefined) return existing;
  await waitUntilGone(cluster, existing, timeout);
  return undefined;
}

function requireOurs(existing: KubernetesObject, urn: string): void {
  if (!isAppliedBy(existing, fieldManager(urn))) throw alreadyExists(existing, ownersOf(existing));
}

function requireExisting(existing: KubernetesObject | undefined, object: KubernetesObject): void {
  if (existing !== undefined) return;
  throw new UserError(
    `There is no ${describe(object)} to patch. Create it first, or use the resource ${object.kind} instead of ${object.kind}Patch.`,
  );
}

function isExisting(error: unknown): boolean {
  return hasStatus(error, 409) && error.reason === "AlreadyExists";
}
