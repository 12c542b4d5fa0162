/** What an update would change, and whether the object must be replaced for it. */
import { isDeepStrictEqual } from "node:util";

import { UnreachableError } from "../../kubernetes/kubernetes-error.ts";
import {
  containsUnknown,
  type DiffRequest,
  type DiffResult,
  type Properties,
  type PropertyChange,
} from "../protocol/provider.ts";
import { apply, forces, managerFor, type ApplyOptions } from "./apply.ts";
import {
  changesBetween,
  contains,
  formatPath,
  parsePath,
  valueAt,
  type Change,
  type Path,
} from "./changes.ts";
import { UnknownKindError, type Cluster } from "./cluster.ts";
import type { Configuration } from "./configuration.ts";
import {
  patchIdentity,
  refusedFields,
  replacedPaths,
  replacingFields,
  sameName,
} from "./immutable-fields.ts";
import { identified, isPatch, managerOf, parseId, toManifest, type KubernetesObject } from "./manifest.ts";
import { isAutonamed } from "./naming.ts";
import { withoutIgnored } from "./update.ts";
import { mappingAt, without } from "./values.ts";

/** What the server makes of the new inputs. */
interface Outcome {
  /** The object as it is, without what changes by itself. */
  readonly before: unknown;
  /** The object as it would be. */
  readonly after: unknown;
}

/** What the server says to an update: its outcome, a refusal for fields that cannot change, or nothing that helps. */
type Answer = { readonly outcome: Outcome } | { readonly refused: readonly Path[] } | undefined;

/**
 * Compares new inputs with old ones, and where they differ asks the server what they would change. The server fills in defaults,
 * writes quantities its own way and keeps lists in its own order, so only it can tell an effective change from another spelling.
 */
export async function diff(
  cluster: Cluster | undefined,
  configuration: Configuration,
  request: DiffRequest,
): Promise<DiffResult> {
  const changes = inputChanges(request);
  if (changes.length === 0) return { changes: false };

  const old = identified(request.id, request.type, request.oldInputs);
  const now = toManifest(request.newInputs);
  const patch = isPatch(request.type, now.kind);
  const known = patch ? patchIdentity() : replacingFields(old, now, configuration);
  const moved = replacedPaths(pathsOf(changes), known, []);
  // An object that becomes another one is created, not updated: there is nothing to ask.
  const answer = moved.length > 0 ? undefined : await ask(cluster, configuration, request, now);

  const effective =
    answer !== undefined && "outcome" in answer ? effectiveChanges(changes, answer.outcome) : changes;
  if (effective.length === 0) return { changes: false };
  const refused =
    answer !== undefined && "refused" in answer ? replacedPaths(pathsOf(changes), [], answer.refused) : [];
  return result(effective, [...moved, ...refused], sameName(old, placedLike(now, old)) && !isAutonamed(now));
}

/** The places where the inputs differ, apart from those to ignore. */
function inputChanges({ id, oldInputs, newInputs, ignoreChanges }: DiffRequest): readonly Change[] {
  const ignored = ignoreChanges.map(parsePath);
  const { namespace } = parseId(id);
  const [old, now] = [oldInputs, newInputs].map((inputs) => comparable(inputs, namespace));
  return changesBetween(old, now).filter(({ path }) => !ignored.some((outer) => contains(outer, path)));
}

/** Inputs as they are compared: without nulls, and in the namespace where the object is when they name none. */
function comparable(inputs: Properties, namespace: string | undefined): unknown {
  const stripped: unknown = JSON.parse(JSON.stringify(inputs, (_, value: unknown) => value ?? undefined));
  const metadata = mappingAt(stripped, "metadata");
  const placed = {
    ...(namespace === undefined ? without(metadata, "namespace") : { namespace }),
    ...metadata,
  };
  return { ...(stripped as Properties), metadata: placed };
}

async function ask(
  cluster: Cluster | undefined,
  configuration: Configuration,
  request: DiffRequest,
  now: KubernetesObject,
): Promise<Answer> {
  if (cluster === undefined || containsUnknown(request.newInputs)) return undefined;
  const manager = managerFor(now, request.urn, managerOf(request.oldState));
  try {
    await cluster.reach();
    const placed = await cluster.placed(now);
    const object = await withoutIgnored(cluster, placed, manager, request.ignoreChanges);
    return await outcomeOf(cluster, object, { manager, force: forces(object, configuration), dryRun: true });
  } catch (error) {
    const refused = refusedFields(error);
    if (refused !== undefined) return { refused };
    // Any other refusal comes again, with its message, when the update is previewed or made.
    if (error instanceof Error && (error.name === "KubernetesError" || isUnanswered(error))) return undefined;
    throw error;
  }
}

/** What an update would make of the object as it is; undefined when it does not exist. */
async function outcomeOf(cluster: Cluster, object: KubernetesObject, options: ApplyOptions): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const before = await cluster.find(object);
    if (before === undefined) return undefined;
    const after = await apply(cluster, object, options);
    // A controller may write between the two requests; what it wrote is not our doing.
    const sameBase = before.metadata.resourceVersion === after.metadata.resourceVersion;
    if (sameBase || attempt === 5) return { outcome: { before: lasting(before), after: lasting(after) } };
  }
}

function isUnanswered(error: Error): boolean {
  return error instanceof UnreachableError || error instanceof UnknownKindError;
}

/** An object without what every write changes, and without what controllers report. */
function lasting(object: KubernetesObject): unknown {
  const metadata = without(
    object.metadata,
    "managedFields",
    "resourceVersion",
    "generation",
    "creationTimestamp",
  );
  return { ...without(object, "status"), metadata };
}

/** The changed inputs that make a difference in the cluster. */
function effectiveChanges(changes: readonly Change[], { before, after }: Outcome): readonly Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  const visible = changes.filter(
    ({ path }) => !isDeepStrictEqual(valueAt(before, path), valueAt(after, path)),
  );
  // A change may show elsewhere: a Secret's `stringData` in its `data`, an element of a list that the server sorts.
  return visible.length > 0 ? visible : changes;
}

function result(changes: readonly Change[], replaced: readonly Path[], named: boolean): DiffResult {
  const replaces = new Set(replaced.map(formatPath));
  const detailed = changes.map(({ path, kind }): [string, PropertyChange] => {
    const text = formatPath(path);
    return [text, replaces.has(text) ? `${kind}-replace` : kind];
  });
  return {
    changes: true,
    replaces: [...replaces],
    detailed: Object.fromEntries(detailed),
    deleteBeforeReplace: replaces.size > 0 && named,
  };
}

/** The new object in the old one's namespace when it names none. */
function placedLike(now: KubernetesObject, old: KubernetesObject): KubernetesObject {
  const { namespace } = old.metadata;
  return namespace === undefined ? now : { ...now, metadata: { namespace, ...now.metadata } };
}

function pathsOf(changes: readonly Change[]): readonly Path[] {
  return changes.map(({ path }) => path);
}
