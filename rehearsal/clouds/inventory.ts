/** What the simulated clouds hold. */

/** A cloud or DNS service, by the name of its Pulumi package. */
export type SimulatedCloud = (typeof simulatedClouds)[number];

/** The clouds and DNS services that there are, by the names of their Pulumi packages. */
export const simulatedClouds = [
  "hcloud",
  "digitalocean",
  "cloudflare",
  "aws",
  "linode",
  "vultr",
  "scaleway",
] as const;

/** Inputs or outputs of a resource: JSON values. */
export type Values = Readonly<Record<string, unknown>>;

/** One thing at a cloud. */
export interface CloudResource {
  readonly cloud: SimulatedCloud;
  /** The last part of its Pulumi type token, such as `server` or `networkSubnet`. */
  readonly kind: string;
  /** Unique in its cloud and kind. */
  readonly id: string;
  /** Unique in all clouds; grows with each resource. */
  readonly serial: number;
  /** The Pulumi resource that it was made for; empty for what was there before. */
  readonly urn: string;
  /** Whether the engine knows of it. What it does not know was made by a run that ended before it could write it down. */
  readonly recorded: boolean;
  readonly inputs: Values;
  /** What the cloud added: addresses, status, fingerprints. */
  readonly outputs: Values;
}

/** Everything at every cloud. */
export interface CloudsState {
  /** How many resources there have been. */
  readonly serial: number;
  readonly resources: readonly CloudResource[];
}

/** The state of clouds that nobody has used. */
export const nothing: CloudsState = { serial: 0, resources: [] };

/** All resources of a kind. */
export function allOf(state: CloudsState, cloud: SimulatedCloud, kind: string): readonly CloudResource[] {
  return state.resources.filter((resource) => resource.cloud === cloud && resource.kind === kind);
}

/** The resource with an id, which may be given as a number as some providers' inputs do. */
export function find(
  state: CloudsState,
  cloud: SimulatedCloud,
  kind: string,
  id: unknown,
): CloudResource | undefined {
  return allOf(state, cloud, kind).find((resource) => resource.id === String(id));
}

/** The input as text; empty when it is missing. */
export function text(values: Values, name: string): string {
  const value = values[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The input as a list; empty when it is missing. */
export function list(values: Values, name: string): readonly unknown[] {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The input as a list of objects; empty when it is missing. */
export function objects(values: Values, name: string): readonly Values[] {
  return list(values, name) as readonly Values[];
}
