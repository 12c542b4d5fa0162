/**
 * The labels, taints and annotations that the configuration wants on a Node. Every server has the first two in its user-data, which is read once;
 * what is edited later, and annotations, reach Nodes through the API (readiness/marking.ts).
 */
import { z } from "zod";
import { parseTaint, type Taint } from "../config/node-marks.ts";
import { gpuLabel, ingressLabel, roleLabel } from "./node-labels.ts";

const texts = z.record(z.string(), z.string());
const marksSchema = z.object({
  labels: texts,
  /** As `key=value:Effect`. */
  taints: z.array(z.string()).readonly(),
  annotations: texts,
});

/** What the configuration wants on a Node. */
export type NodeMarks = Readonly<z.output<typeof marksSchema>>;

/** A taint as the API has it, with all that others noted beside. */
const taintSchema = z.looseObject({ key: z.string(), value: z.string().default(""), effect: z.string() });
type NodeTaint = z.output<typeof taintSchema>;

/** A Node of the API, as far as its marks are concerned. */
export const markedNodeSchema = z.object({
  metadata: z.object({
    name: z.string(),
    resourceVersion: z.string(),
    labels: texts.default({}),
    annotations: texts.default({}),
  }),
  spec: z.object({ taints: z.array(taintSchema).default([]) }).prefault({}),
});
/** A Node of the API, as far as its marks are concerned. */
export type MarkedNode = z.output<typeof markedNodeSchema>;

/** A JSON merge patch that fails with a conflict when somebody else was quicker. */
export interface MarksPatch {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly labels?: Changes;
    readonly annotations?: Changes;
  };
  readonly spec?: { readonly taints: readonly NodeTaint[] };
}

/** Values by key; null takes a key away. */
type Changes = Readonly<Record<string, string | null>>;

/** The Node's own note of what the program has put there, so that it can take it away again, and nothing of anybody else's. */
export const recordAnnotation = "uap.dev/managed";
/** Labels that are nobody else's, whatever the note says: a node that joins anew has those of the day its server was made. */
const ownLabels = [gpuLabel, ingressLabel, roleLabel];

const recordSchema = z.object({
  labels: z.array(z.string()),
  /** As `key:Effect`, which is what tells taints of a Node apart. */
  taints: z.array(z.string()),
  annotations: z.array(z.string()),
});
type MarksRecord = z.output<typeof recordSchema>;

/**
 * What makes a Node's marks those that are wanted. What the program has never put there stays: labels and annotations of kubelet, k3s, Kilo
 * and people, taints of Kubernetes and of clouds, cordons.
 *
 * @returns undefined when nothing is to be changed.
 */
export function marksPatch({ metadata, spec }: MarkedNode, wanted: NodeMarks): MarksPatch | undefined {
  const before = recordOf(metadata.annotations[recordAnnotation]);
  const labels = changes(metadata.labels, wanted.labels, [...before.labels, ...ownLabels]);
  const annotations = changes(
    metadata.annotations,
    { ...wanted.annotations, [recordAnnotation]: recordText(wanted) },
    before.annotations,
  );
  const taints = taintsOf(spec.taints, wanted.taints, new Set(before.taints));
  if (!labels && !annotations && !taints) return undefined;
  return {
    metadata: {
      resourceVersion: metadata.resourceVersion,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    ...(taints && { spec: { taints } }),
  };
}

/** @param former keys that were wanted once */
function changes(
  present: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
  former: readonly string[],
): Changes | undefined {
  const added = Object.entries(wanted).filter(([key, value]) => present[key] !== value);
  const removed = former
    .filter((key) => Object.hasOwn(present, key) && !Object.hasOwn(wanted, key))
    .map((key) => [key, null] as const);
  const all = [...added, ...removed];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** @returns all taints, since a patch replaces their list; undefined when they are as they should be. */
function taintsOf(
  present: readonly NodeTaint[],
  wanted: readonly string[],
  former: ReadonlySet<string>,
): readonly NodeTaint[] | undefined {
  const missing = new Map(wanted.map(parsed).map((taint) => [identityOf(taint), taint]));
  const kept = present.flatMap((taint) => {
    const identity = identityOf(taint);
    const planned = missing.get(identity);
    missing.delete(identity);
    if (planned) return planned.value === taint.value ? taint : planned;
    return former.has(identity) ? [] : taint;
  });
  const all = [...kept, ...missing.values()];
  const isSame = all.length === present.length && all.every((taint, index) => taint === present[index]);
  return isSame ? undefined : all;
}

function parsed(taint: string): NodeTaint {
  return { ...parseTaint(taint as Taint) };
}

function identityOf({ key, effect }: Pick<NodeTaint, "key" | "effect">): string {
  return `${key}:${effect}`;
}

function recordText({ labels, taints, annotations }: NodeMarks): string {
  const record: MarksRecord = {
    labels: Object.keys(labels).sort(),
    taints: taints.map((taint) => identityOf(parsed(taint))).sort(),
    annotations: Object.keys(annotations).sort(),
  };
  return JSON.stringify(record);
}

/** A note that somebody has spoiled is none. */
function recordOf(text: string | undefined): MarksRecord {
  const nothing = { labels: [], taints: [], annotations: [] };
  if (text === undefined) return nothing;
  try {
    return recordSchema.safeParse(JSON.parse(text)).data ?? nothing;
  } catch {
    return nothing;
  }
}

/** Marks by node as a text in which only a change of the marks changes anything, so that it tells when they have to be written. */
export function marksText(marks: Readonly<Record<string, NodeMarks>>): string {
  const nodes = sorted(marks).map(([node, { labels, taints, annotations }]) => [
    node,
    {
      labels: Object.fromEntries(sorted(labels)),
      taints: [...taints].sort(),
      annotations: Object.fromEntries(sorted(annotations)),
    },
  ]);
  return JSON.stringify(Object.fromEntries(nodes));
}

function sorted<Value>(record: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** What {@link marksText} wrote; an empty text has no marks for any node. */
export function parseMarks(text: string): ReadonlyMap<string, NodeMarks> {
  if (text === "") return new Map();
  return new Map(Object.entries(z.record(z.string(), marksSchema).parse(JSON.parse(text))));
}
