/** What every object has. Interfaces of single kinds add the fields that are used. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface KubernetesList<Item> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Item[];
}

/** A condition in an object's status. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
}

/** Amounts of resources by name, for example `{ cpu: "2", memory: "4Gi" }`. */
export type Quantities = Readonly<Record<string, string>>;

/** Tells whether an object reports a condition as true. */
export function hasCondition(
  object: { readonly status?: { readonly conditions?: readonly Condition[] } },
  type: string,
): boolean {
  return (
    object.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ??
    false
  );
}
