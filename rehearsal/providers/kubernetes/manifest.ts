/** A resource's inputs and outputs on Pulumi's side, and the object on the API server's. */
import { UserError } from "../../errors.ts";
import type { Properties } from "../protocol/provider.ts";
import { secret } from "../protocol/secret.ts";
import { at, isMapping, textAt, without, type Mapping } from "./values.ts";

/** An object as the API server takes and gives it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly [property: string]: unknown;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFields[];
  readonly [property: string]: unknown;
}

/** Which fields one manager has set. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Mapping;
}

/** Metadata that only the server writes. */
const serverMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** Annotations that controllers and other tools write. */
const foreignAnnotations = [
  "deployment.kubernetes.io/revision",
  "deprecated.daemonset.template.generation",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** The key in a resource's outputs that keeps the field manager's name, as the official provider does. */
const managerKey = "__fieldManager";

/** Makes the object that a resource's inputs ask for. */
export function toManifest(inputs: Properties): KubernetesObject {
  const object = renamedKeys(withoutNulls(inputs), /^x_kubernetes_/, "_", "-") as Mapping;
  const metadata = isMapping(object.metadata) ? without(object.metadata, ...serverMetadata) : {};
  return withEncodedStringData({ ...object, metadata } as unknown as KubernetesObject);
}

/** Makes a resource's outputs from the object as the server keeps it. */
export function toState(live: KubernetesObject, manager: string): Properties {
  // Managed fields are bulky, change with every write, and no program reads them.
  const object = { ...live, metadata: without(live.metadata, "managedFields") };
  return { ...markedSecrets(toProperties(object)), [managerKey]: manager };
}

/** The field manager that a resource's outputs tell of. */
export function managerOf(state: Properties): string | undefined {
  return textAt(state, managerKey);
}

/** Makes inputs of an imported object: what the server filled in by itself is left out. */
export function importedInputs(live: KubernetesObject): Properties {
  const { annotations, ...metadata } = without(live.metadata, ...serverMetadata);
  const kept = isMapping(annotations) ? without(annotations, ...foreignAnnotations) : {};
  const object = {
    ...without(live, "status"),
    metadata: { ...metadata, ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }) },
  };
  return markedSecrets(toProperties(object));
}

/** An object with its keys spelled as in the SDK. */
export function toProperties(object: Mapping): Properties {
  return renamedKeys(object, /^x-kubernetes-/, "-", "_") as Properties;
}

/**
 * Marks a Secret's content as secret. The SDK's class for it does the same; a Secret made as a custom resource, or given as
 * `stringData` and answered as `data`, would stand in clear text in the state.
 */
export function markedSecrets(properties: Properties): Properties {
  if (properties.kind !== "Secret" || properties.apiVersion !== "v1") return properties;
  const entries = Object.entries(properties);
  return Object.fromEntries(
    entries.map(([key, value]) =>
      key === "data" || key === "stringData" ? [key, secret(value)] : [key, value],
    ),
  );
}

/** A resource's id: `namespace/name`, or the name alone for what is in no namespace. */
export function idOf(object: KubernetesObject): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Takes a resource's id apart. */
export function parseId(id: string): { readonly namespace?: string; readonly name: string } {
  const [first, second, ...rest] = id.split("/");
  if (first === undefined || first === "" || second === "" || rest.length > 0) {
    throw new UserError(`"${id}" is no id of a Kubernetes object: write "name", or "namespace/name".`);
  }
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

/** The apiVersion and kind in a type token, such as `kubernetes:apps/v1:Deployment` or `kubernetes:core/v1:SecretPatch`. */
export function kindOfType(type: string): { readonly apiVersion: string; readonly kind: string } {
  const [, apiVersion = "", kind = ""] = type.split(":");
  return {
    apiVersion: apiVersion.startsWith("core/") ? apiVersion.slice("core/".length) : apiVersion,
    kind: kind.replace(/(?<=.)Patch$/, ""),
  };
}

/**
 * The object that a resource stands for: its name and namespace from the id, its kind from the inputs, or from the type where
 * there are none (an import).
 */
export function identified(id: string, type: string, inputs: Properties): KubernetesObject {
  const { name, namespace } = parseId(id);
  const named = kindOfType(type);
  return {
    apiVersion: textAt(inputs, "apiVersion") ?? named.apiVersion,
    kind: textAt(inputs, "kind") ?? named.kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  };
}

/** Tells whether a type token is that of a `…Patch` resource, which manages some fields of an object that others own. */
export function isPatch(type: string, kind: unknown): boolean {
  const name = type.split(":").at(-1) ?? "";
  return name.endsWith("Patch") && name !== kind;
}

/** A person's words for an object: `Deployment "web" in namespace "shop"`. */
export function describe(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  return `${object.kind} "${name}"${namespace === undefined ? "" : ` in namespace "${namespace}"`}`;
}

/** The object in another namespace. */
export function inNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/**
 * Moves a Secret's `stringData` into `data`. The server does so too, but then remembers our ownership of `stringData` only:
 * a key that is dropped from it would stay in the Secret for good.
 */
function withEncodedStringData(object: KubernetesObject): KubernetesObject {
  const stringData = object.stringData;
  if (object.kind !== "Secret" || object.apiVersion !== "v1" || !isMapping(stringData)) return object;
  const texts = Object.entries(stringData).filter(([, value]) => typeof value === "string");
  // What is no text stays where it is, for the server to complain about.
  const rest = without(stringData, ...texts.map(([key]) => key));
  const encoded = texts.map(([key, value]) => [key, Buffer.from(value as string).toString("base64")]);
  return {
    ...(without(object, "stringData") as unknown as KubernetesObject),
    ...(Object.keys(rest).length === 0 ? {} : { stringData: rest }),
    data: { ...(at(object, "data") as Mapping | undefined), ...(Object.fromEntries(encoded) as Mapping) },
  };
}

/** `x-kubernetes-preserve-unknown-fields` is `x_kubernetes_preserve_unknown_fields` in the SDK, for its languages' sake. */
function renamedKeys(value: unknown, pattern: RegExp, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamedKeys(item, pattern, from, to));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      pattern.test(key) ? key.replaceAll(from, to) : key,
      renamedKeys(inner, pattern, from, to),
    ]),
  );
}

/** Charts and programs write `null` for "nothing here"; the server would take it for a value. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMapping(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}
