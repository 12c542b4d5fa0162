/** Server-side apply, and its refusals in words that help. */
import { UserError } from "../../errors.ts";
import { hasStatus, KubernetesError } from "../../kubernetes/kubernetes-error.ts";
import { annotation, annotations, isAnnotated } from "./annotations.ts";
import { UnknownKindError, type Cluster } from "./cluster.ts";
import type { Configuration } from "./configuration.ts";
import { describe, type KubernetesObject } from "./manifest.ts";
import { fieldManager } from "./naming.ts";
import { retry } from "../../kubernetes/retry.ts";

export interface ApplyOptions {
  /** The field manager to apply under. */
  readonly manager: string;
  /** Take over fields that others own. */
  readonly force: boolean;
  /** Let the server compute the outcome and keep nothing. @default false */
  readonly dryRun?: boolean;
}

/** The field manager to apply an object under: what its annotation says, what the state remembers, or the resource's own. */
export function managerFor(object: KubernetesObject, urn: string, remembered?: string): string {
  return annotation(object, annotations.patchFieldManager) ?? remembered ?? fieldManager(urn);
}

/** Tells whether fields of other managers are to be taken over. */
export function forces(object: KubernetesObject, configuration: Configuration): boolean {
  return configuration.enablePatchForce || isAnnotated(object, annotations.patchForce);
}

/**
 * Applies an object: the server creates it, or changes what differs and removes what this manager had set and sets no more.
 *
 * @throws KubernetesError when the server refuses. {@link explained} makes a message for people of it.
 */
export async function apply(
  cluster: Cluster,
  object: KubernetesObject,
  options: ApplyOptions,
): Promise<KubernetesObject> {
  const query = {
    fieldManager: options.manager,
    fieldValidation: "Strict",
    force: options.force,
    dryRun: options.dryRun === true ? "All" : undefined,
  };
  const contentType = "application/apply-patch+yaml";
  const answer = await cluster.request("PATCH", await cluster.pathOf(object), {
    query,
    contentType,
    body: object,
  });
  return answer as KubernetesObject;
}

/** Asks the server whether it would take an object as a new one. Nothing is kept. */
export async function validate(
  cluster: Cluster,
  object: KubernetesObject,
  manager: string,
): Promise<KubernetesObject> {
  const query = { fieldManager: manager, fieldValidation: "Strict", dryRun: "All" };
  const answer = await cluster.request("POST", await cluster.collectionOf(object), { query, body: object });
  return answer as KubernetesObject;
}

/** Waits for what an object needs and another resource of the same run may still be making: its kind, its namespace. */
export function whenPossible<Result>(cluster: Cluster, operation: () => Promise<Result>): Promise<Result> {
  return retry(operation, {
    patience: cluster.patience.prerequisite,
    when: (error) => error instanceof UnknownKindError || hasStatus(error, 404),
    signal: cluster.signal,
  });
}

/** The error for people: the server's own message, with the object it speaks of and, for a conflict, the way out. */
export function explained(error: unknown, object: KubernetesObject, operation: string): unknown {
  if (!(error instanceof KubernetesError)) return error;
  if (error.status === 409 && error.reason === "Conflict") return conflictError(error, object);
  return new UserError(
    `The Kubernetes API server refused to ${operation} ${describe(object)}: ${error.message}`,
    {
      cause: error,
    },
  );
}

/** The object exists, and nothing says that this resource made it. */
export function alreadyExists(object: KubernetesObject, owners: readonly string[]): UserError {
  const made = owners.length === 0 ? "" : ` (managed by ${owners.join(", ")})`;
  return new UserError(
    `${describe(object)} already exists${made} and was not created by this resource. To\n` +
      "  - change some of its fields only: use the Patch resource of its kind;\n" +
      "  - manage it from now on: import it (`pulumi import`, or the resource option `import`);\n" +
      "  - rename a resource of this program: give it an alias (the resource option `aliases`);\n" +
      "  - take over whatever exists: set the provider's `upsertExistingObjects`.",
  );
}

/** Who has set fields of an object, apart from controllers that write its status. */
export function ownersOf(object: KubernetesObject): readonly string[] {
  const managers = (object.metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource === undefined || subresource === "")
    .map(({ manager }) => manager ?? "unknown");
  return [...new Set(managers)];
}

function conflictError(error: KubernetesError, object: KubernetesObject): UserError {
  const conflicts = (error.details.causes ?? []).map(({ field, message }) => {
    const [, manager] = /conflict with "([^"]+)"/.exec(message ?? "") ?? [];
    return `  - ${(field ?? "").replace(/^\./, "")}: owned by "${manager ?? "another manager"}"`;
  });
  const fields = conflicts.length === 0 ? `  - ${error.message}` : conflicts.join("\n");
  return new UserError(
    `${describe(object)} has fields that another manager owns, so they were not changed:\n${fields}\n` +
      "Leave those fields out of the program (or name them in `ignoreChanges`), or take them over with the annotation " +
      `\`${annotations.patchForce}: "true"\`.`,
    { cause: error },
  );
}
