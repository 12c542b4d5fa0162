/** A refreshed object's inputs: what the program had set, with the values that the cluster has now. */
import type { Properties } from "../protocol/provider.ts";
import { toProperties, type KubernetesObject } from "./manifest.ts";
import { sameQuantity } from "./quantity.ts";
import { at, isMapping, type Mapping } from "./values.ts";

/**
 * Fields by which the elements of a list are told apart: the merge keys of Kubernetes' own lists, the more telling first. An
 * element of a list of objects is found again by these, for the server and others may add elements or order them otherwise.
 */
const mergeKeys: readonly (readonly string[])[] = [
  ["name"],
  ["containerPort", "protocol"],
  ["port", "protocol"],
  ["mountPath"],
  ["devicePath"],
  ["topologyKey", "whenUnsatisfiable"],
  ["key", "operator", "effect"],
  ["ip"],
  ["uid"],
  ["type"],
];

/** Content that means what it says to the letter: `1000m` in it is no quantity. */
const literal = ["metadata", "data", "stringData", "binaryData"];

/** Tells whether two plain values mean the same. */
type Same = (old: unknown, live: unknown) => boolean;

/**
 * The live object, cut down to what the old inputs set. What others or the server have added is no drift; what they have changed
 * or removed is.
 */
export function projectedInputs(oldInputs: Properties, live: KubernetesObject): Properties {
  const seen = withStringData(oldInputs, toProperties(live));
  const exactly: Same = () => false;
  const kept = Object.entries(oldInputs).filter(([key, value]) => seen[key] !== undefined || isEmpty(value));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      const same = literal.includes(key) ? exactly : sameQuantity;
      return [key, seen[key] === undefined ? value : project(value, seen[key], same)];
    }),
  );
}

function project(old: unknown, live: unknown, same: Same): unknown {
  if (isMapping(old) && isMapping(live)) return projectMapping(old, live, same);
  if (Array.isArray(old) && Array.isArray(live)) return projectList(old, live, same);
  return same(old, live) ? old : live;
}

function projectMapping(old: Mapping, live: Mapping, same: Same): Mapping {
  // An empty value and an absent one are the same to the server, which leaves empty ones out.
  const kept = Object.entries(old).filter(([key, value]) => live[key] !== undefined || isEmpty(value));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, live[key] === undefined ? value : project(value, live[key], same)]),
  );
}

function projectList(old: readonly unknown[], live: readonly unknown[], same: Same): readonly unknown[] {
  const keys = keysOf([...old, ...live]);
  if (keys !== undefined) return projectByKeys(old, live, keys, same);
  if (sameSet(old, live)) return old;
  return old.length === live.length ? old.map((item, index) => project(item, live[index], same)) : live;
}

/** The elements of the old list that still exist. One that leaves a key to its default is the first that fits. */
function projectByKeys(
  old: readonly unknown[],
  live: readonly unknown[],
  keys: readonly string[],
  same: Same,
): readonly unknown[] {
  const rest = [...live];
  return old.flatMap((item) => {
    const fits = (candidate: unknown) =>
      keys.every((key) => at(item, key) === undefined || at(item, key) === at(candidate, key));
    const index = rest.findIndex(fits);
    return index < 0 ? [] : [project(item, rest.splice(index, 1)[0], same)];
  });
}

/** The fields that tell these elements apart; undefined when there are none. */
function keysOf(items: readonly unknown[]): readonly string[] | undefined {
  if (items.length === 0 || !items.every(isMapping)) return undefined;
  return mergeKeys.find(([key = ""]) => items.every((item) => item[key] !== undefined));
}

/** Lists of plain values are sets to the server more often than not, and it sorts them. */
function sameSet(one: readonly unknown[], other: readonly unknown[]): boolean {
  const sorted = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).sort();
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMapping(value) && Object.values(value).every(isEmpty);
}

/** A Secret's content in the form in which the program gave it: text, which the server keeps encoded under `data`. */
function withStringData(oldInputs: Properties, live: Properties): Properties {
  const { kind, apiVersion, data } = live;
  if (kind !== "Secret" || apiVersion !== "v1" || !isMapping(oldInputs.stringData)) return live;
  const entries = isMapping(data) ? Object.entries(data) : [];
  const texts = entries.map(([key, value]) => [key, Buffer.from(String(value), "base64").toString("utf8")]);
  return { ...live, stringData: Object.fromEntries(texts) as Mapping };
}
