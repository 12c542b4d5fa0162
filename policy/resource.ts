import { valueAt } from "./values.ts";
import type { Values } from "./values.ts";

/** A resource as policies see it: its inputs, secrets in clear, unknown values replaced by `notYetKnown`. */
export interface Resource {
  /** The resource's address in the stack. */
  readonly urn: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** Pulumi's type token, for example `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** What the program asked for, after the provider filled in its defaults. */
  readonly properties: Values;
  /** The inputs of the provider that the resource uses. */
  readonly provider: Values;
  /** Addresses of the resources that each property takes values from. Filled in for stack checks only. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** What a Kubernetes type token says. */
export interface ObjectType {
  /** The API group; `core` for the legacy group. */
  readonly group: string;
  /** The kind, for example `Deployment`. */
  readonly kind: string;
}

/** Reads a type token such as `kubernetes:networking.k8s.io/v1:NetworkPolicy`; undefined for everything else. */
export function objectType(resource: Resource): ObjectType | undefined {
  const [, group, kind] = /^kubernetes:([^/:]+)\/[^/:]+:([^/:]+)$/.exec(resource.type) ?? [];
  return group === undefined || kind === undefined ? undefined : { group, kind };
}

/** Tells whether a resource is an object of one kind, in whatever version of its API group. */
export function isKind(resource: Resource, group: string, kind: string): boolean {
  const type = objectType(resource);
  return type?.group === group && type.kind === kind;
}

/** The name of a Kubernetes object; `undefined` when the provider is still to choose one. */
export function objectName(resource: Resource): unknown {
  return valueAt(resource.properties, "metadata", "name");
}

/**
 * The namespace of a namespaced object: its own, else its provider's, else `default`.
 *
 * The provider writes the namespace into the inputs only once it is configured, and in the preview of a cluster that does
 * not exist it never is.
 */
export function objectNamespace(resource: Resource): unknown {
  return (
    valueAt(resource.properties, "metadata", "namespace") ??
    valueAt(resource.provider, "namespace") ??
    "default"
  );
}

/** How messages call a resource: its kind and its name in the program, for example `Deployment "broker"`. */
export function title(resource: Resource): string {
  return `${objectType(resource)?.kind ?? resource.type} "${resource.name}"`;
}
