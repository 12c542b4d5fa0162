/** What the clouds do when they are asked: pure functions from one state to the next. */
import { isDeepStrictEqual } from "node:util";
import { CloudError, conflict } from "./cloud-error.ts";
import { quotaMessage, takenMessage } from "./faults.ts";
import { digitsOf, loopbackAddress } from "./identifiers.ts";
import {
  allOf,
  find,
  type CloudResource,
  type CloudsState,
  type SimulatedCloud,
  type Values,
} from "./inventory.ts";
import type { CloudRules, Kind } from "./kind.ts";
import { rules } from "./kinds/index.ts";

/** How many resources of a kind a cloud allows; no limit where nothing is said. */
export type Quota = Readonly<Partial<Record<SimulatedCloud, Readonly<Record<string, number>>>>>;

/** What is to be made. */
export interface Order {
  readonly cloud: SimulatedCloud;
  readonly kind: string;
  readonly urn: string;
  readonly inputs: Values;
}

/** The clouds' circumstances. */
export interface Circumstances {
  /** Ids and addresses follow from it. */
  readonly folder: string;
  readonly quota: Quota;
}

/** A state, and the resource that was just made or changed in it. */
export interface Outcome {
  readonly state: CloudsState;
  readonly resource: CloudResource;
}

/**
 * Makes a resource, or takes the one that an interrupted run made for the same Pulumi resource.
 *
 * @throws CloudError
 */
export function create(state: CloudsState, order: Order, circumstances: Circumstances): Outcome {
  const { cloud, kind, urn, inputs } = order;
  const { title, rule } = ruleOf(cloud, kind);
  const orphan = allOf(state, cloud, kind).find(
    (other) => !other.recorded && other.urn === urn && isDeepStrictEqual(other.inputs, inputs),
  );
  if (orphan !== undefined) return { state, resource: orphan };
  refuseTaken(rule, kind, inputs, allOf(state, cloud, kind));
  rule.check?.({ inputs, others: state, before: undefined });
  const limit = circumstances.quota[cloud]?.[kind];
  if (limit !== undefined && allOf(state, cloud, kind).length >= limit) {
    throw new CloudError(403, quotaMessage(title, kind));
  }
  const serial = state.serial + 1;
  const digits = digitsOf(circumstances.folder, serial);
  const id = rule.id({ serial, inputs, digits });
  const isTaken = (address: string) =>
    state.resources.some(({ outputs }) => Object.values(outputs).includes(address));
  const address = loopbackAddress(circumstances.folder, serial, isTaken);
  const outputs = rule.outputs?.({ id, serial, inputs, digits, state, address }) ?? {};
  const resource: CloudResource = { cloud, kind, id, serial, urn, recorded: urn === "", inputs, outputs };
  return { state: { serial, resources: [...state.resources, resource] }, resource };
}

/**
 * Changes a resource in place.
 *
 * @throws CloudError
 */
export function update(
  state: CloudsState,
  resource: CloudResource,
  inputs: Values,
  { folder }: Pick<Circumstances, "folder">,
): Outcome {
  const { cloud, kind, id, serial } = resource;
  const { rule } = ruleOf(cloud, kind);
  const others = { ...state, resources: state.resources.filter((other) => other !== resource) };
  refuseTaken(rule, kind, inputs, allOf(others, cloud, kind));
  rule.check?.({ inputs, others, before: resource });
  const kept = Object.values(resource.outputs).find(isLoopback);
  const address = kept ?? loopbackAddress(folder, serial, () => false);
  const made = { id, serial, inputs, digits: digitsOf(folder, serial), state, address };
  const changed = { ...resource, recorded: true, inputs, outputs: rule.outputs?.(made) ?? {} };
  return { state: replaced(state, resource, changed), resource: changed };
}

/**
 * Deletes a resource, and what cannot be without it.
 *
 * @throws CloudError when it is protected or in use.
 */
export function remove(state: CloudsState, resource: CloudResource): CloudsState {
  const { rule } = ruleOf(resource.cloud, resource.kind);
  const reason = rule.held?.(resource, state);
  if (reason !== undefined) throw conflict(`The ${rule.title} ${nameOf(resource)} ${reason}`);
  const goes = (other: CloudResource) =>
    other === resource || (other.cloud === resource.cloud && (rule.owns?.(resource, other) ?? false));
  return { ...state, resources: state.resources.filter((other) => !goes(other)) };
}

/** Notes that the engine knows all resources that were made for an URN. */
export function record(state: CloudsState, urn: string): CloudsState {
  const isNews = (resource: CloudResource) => resource.urn === urn && !resource.recorded;
  if (!state.resources.some(isNews)) return state;
  const resources = state.resources.map((resource) =>
    isNews(resource) ? { ...resource, recorded: true } : resource,
  );
  return { ...state, resources };
}

/** @throws CloudError when the resource is not there. */
export function existing(state: CloudsState, cloud: SimulatedCloud, kind: string, id: string): CloudResource {
  const found = find(state, cloud, kind, id);
  if (found === undefined) {
    throw new CloudError(404, `There is no ${ruleOf(cloud, kind).rule.title} with the id "${id}".`);
  }
  return found;
}

/** @throws CloudError when the cloud has no such kind. */
export function ruleOf(cloud: SimulatedCloud, kind: string): { readonly title: string; readonly rule: Kind } {
  const { title, kinds }: CloudRules = rules[cloud];
  const rule = kinds[kind];
  if (rule === undefined) throw new CloudError(404, `${title} is simulated without "${kind}".`);
  return { title, rule };
}

/** What people call a resource. */
export function nameOf({ id, inputs }: Pick<CloudResource, "id" | "inputs">): string {
  const name = inputs.name ?? inputs.label;
  return typeof name === "string" ? name : id;
}

function refuseTaken(rule: Kind, kind: string, inputs: Values, others: readonly CloudResource[]): void {
  const value = rule.unique?.(inputs);
  if (value === undefined) return;
  if (others.some((other) => rule.unique?.(other.inputs) === value))
    throw conflict(takenMessage(kind, value));
}

function replaced(state: CloudsState, old: CloudResource, fresh: CloudResource): CloudsState {
  return { ...state, resources: state.resources.map((resource) => (resource === old ? fresh : resource)) };
}

function isLoopback(value: unknown): value is string {
  return typeof value === "string" && /^127\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(value);
}
