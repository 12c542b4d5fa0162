/**
 * What a stand-in provider implements: Pulumi's resource protocol, with the wire format taken away.
 *
 * The engine hands over plain values. Secrets are unwrapped before they arrive, and the engine marks again what a provider
 * returns under the path of a secret input: objects value by value, a list as a whole when it holds a secret. Secrets that
 * a provider makes or moves elsewhere it marks itself (`secret` in secret.ts). Values that are not known yet, which occur in
 * previews only, are the string {@link unknownValue}. While the provider's own configuration holds one, no operation but
 * `checkConfig` and `diffConfig` is called: the engine plans without the provider.
 */

/** A bag of properties as the engine sends and keeps it: JSON values only. */
export type Properties = Record<string, unknown>;

/** Stands for a value that is not known before the update runs. The constant is part of Pulumi's protocol. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Tells whether a value is unknown, or holds an unknown value at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (typeof value === "object" && value !== null) return Object.values(value).some(containsUnknown);
  return false;
}

/** A property that cannot be accepted, and why. An empty `property` speaks of the resource as a whole. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Inputs with defaults filled in, and what is wrong with them. */
export interface CheckResult {
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

/** How one property differs. `replace` variants force a replacement. */
export type PropertyChange =
  "add" | "add-replace" | "update" | "update-replace" | "delete" | "delete-replace";

/** What separates the resource as it is from the resource as it should be. */
export interface DiffResult {
  readonly changes: boolean;
  /** Property paths (`spec.selector`, `spec.containers[0].image`) that cannot be changed in place. */
  readonly replaces?: readonly string[];
  /** Each changed property path with the way it changes; shown to the user by `--diff`. */
  readonly detailed?: Readonly<Record<string, PropertyChange>>;
  /** Delete the old resource first, because the two cannot exist side by side. @default false */
  readonly deleteBeforeReplace?: boolean;
}

/** What every request about a resource carries. */
export interface ResourceRequest {
  readonly urn: string;
  /** Type token, such as `kubernetes:core/v1:ConfigMap`. */
  readonly type: string;
  /** Logical name: the last part of the URN. */
  readonly name: string;
}

export interface CheckRequest extends ResourceRequest {
  /** The inputs kept in the state; absent for a resource that does not exist yet or is being replaced. */
  readonly olds: Properties | undefined;
  readonly news: Properties;
  /** Randomness for generated names, from the engine. */
  readonly randomSeed: Uint8Array;
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly oldState: Properties;
  readonly newInputs: Properties;
  readonly ignoreChanges: readonly string[];
}

export interface CreateRequest extends ResourceRequest {
  readonly inputs: Properties;
  /** Seconds from the resource's `customTimeouts`; 0 when the user gave none. */
  readonly timeout: number;
  /** True in a preview: nothing may be changed, and outputs that are not known yet are {@link unknownValue}. */
  readonly preview: boolean;
}

export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  /** Empty for an import, where only the id is known. */
  readonly inputs: Properties;
  readonly state: Properties;
}

export interface UpdateRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly oldState: Properties;
  readonly newInputs: Properties;
  readonly timeout: number;
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly state: Properties;
  readonly timeout: number;
}

/** The resource exists but did not become what was asked of it: the engine keeps it in the state and the update fails. */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  readonly id: string;
  readonly state: Properties;
  readonly inputs: Properties;
  readonly reasons: readonly string[];

  constructor(
    message: string,
    resource: { readonly id: string; readonly state: Properties; readonly inputs: Properties },
    reasons: readonly string[],
  ) {
    super(message);
    this.id = resource.id;
    this.state = resource.state;
    this.inputs = resource.inputs;
    this.reasons = reasons;
  }
}

/** A provider: its configuration, and the life of its resources. */
export interface Provider {
  /** Package name, such as `random`. */
  readonly name: string;
  /** The version of the SDK it stands in for. */
  readonly version: string;

  checkConfig?(news: Properties): Promise<CheckResult>;
  diffConfig?(olds: Properties, news: Properties): Promise<DiffResult>;
  configure?(config: Properties): Promise<void>;

  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<{ readonly id: string; readonly state: Properties }>;
  /** @returns undefined when the resource does not exist (any more). */
  read(
    request: ReadRequest,
  ): Promise<{ readonly id: string; readonly state: Properties; readonly inputs: Properties } | undefined>;
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: DeleteRequest): Promise<void>;
  invoke?(token: string, args: Properties): Promise<Properties>;
  /** The engine gives up (Ctrl-C): waiting operations should end soon. */
  cancel?(): void;
}
