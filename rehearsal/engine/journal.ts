import type {
  EngineEvent,
  OpType,
  StepEventMetadata,
  SummaryEvent,
} from "@pulumi/pulumi/automation/index.js";
import { layerTitles } from "../../platform/kit/labels.ts";

/** What the engine did, or would do, to one resource. */
export interface Step {
  readonly urn: string;
  readonly operation: OpType;
  /** Paths of the properties that differ; empty for a creation or deletion. */
  readonly differences: readonly string[];
  /** Milliseconds on a clock that only goes forward; the engine itself tells whole seconds. */
  readonly started: number;
  /** Undefined while the step is under way. */
  ended: number | undefined;
}

/** A message that belongs to a resource, or to the run as a whole when `urn` is undefined. */
export interface Message {
  readonly urn: string | undefined;
  readonly text: string;
}

/** A policy that was not kept. */
export interface Violation extends Message {
  readonly policy: string;
  readonly mandatory: boolean;
}

/** All that an operation of the engine left behind for people to read. */
export interface Journal {
  readonly steps: Map<string, Step>;
  readonly violations: Violation[];
  readonly errors: Message[];
  readonly warnings: Message[];
  /** What the program itself has to say. */
  readonly remarks: Message[];
  /** Policy packs that were applied, with their versions. */
  policyPacks: Readonly<Record<string, string>>;
  /** Whether the state alone would change: the stack's outputs, or what is protected. */
  stateChanged: boolean;
}

export function emptyJournal(): Journal {
  return {
    steps: new Map(),
    violations: [],
    errors: [],
    warnings: [],
    remarks: [],
    policyPacks: {},
    stateChanged: false,
  };
}

/** Operations that leave the resource as it is. */
const idle: ReadonlySet<OpType> = new Set<OpType>(["same", "read", "refresh", "discard", "discard-replaced"]);

/** Tells whether an operation changes anything outside the engine's state. */
export function isChange(operation: OpType): boolean {
  return !idle.has(operation);
}

/**
 * Enters one event. Events that say nothing to a person are passed over.
 *
 * @param now when the event arrived, in milliseconds on a clock that only goes forward
 */
export function record(journal: Journal, event: EngineEvent, now: number): void {
  if (event.resourcePreEvent) {
    const { metadata } = event.resourcePreEvent;
    journal.stateChanged ||= isProtectionChanged(metadata);
    journal.steps.set(stepKey(metadata), {
      urn: metadata.urn,
      operation: metadata.op,
      differences: Object.keys(metadata.detailedDiff ?? {}),
      started: now,
      ended: undefined,
    });
  } else if (event.resOutputsEvent) {
    const { metadata } = event.resOutputsEvent;
    const step = journal.steps.get(stepKey(metadata));
    if (step) step.ended = now;
    if (metadata.type === "pulumi:pulumi:Stack") {
      journal.stateChanged ||=
        JSON.stringify(metadata.old?.outputs) !== JSON.stringify(metadata.new?.outputs);
    }
  } else if (event.policyEvent) {
    const { policyName, message, resourceUrn, enforcementLevel } = event.policyEvent;
    journal.violations.push({
      policy: policyName,
      text: plain(message),
      urn: resourceUrn,
      mandatory: enforcementLevel === "mandatory",
    });
  } else if (event.diagnosticEvent) {
    const { severity, message, urn, ephemeral } = event.diagnosticEvent;
    if (ephemeral === true) return;
    const entry = { urn: urn === "" ? undefined : urn, text: plain(message) };
    if (severity === "error") journal.errors.push(entry);
    if (severity === "info") journal.remarks.push(entry);
    if (severity === "warning" && !isOwnDoing(entry.text)) journal.warnings.push(entry);
  } else if (event.summaryEvent) {
    journal.policyPacks = policyPacksOf(event.summaryEvent);
  }
}

/** What does not exist yet, or not any more, is null in the engine's events, whatever their type says. */
function isProtectionChanged({ old, new: fresh }: StepEventMetadata): boolean {
  const [before, after] = [old, fresh] as (StepEventMetadata["old"] | null)[];
  if (!before || !after) return false;
  return (before.protect ?? false) !== (after.protect ?? false);
}

/** The engine writes this field with a capital, whatever its type says. */
function policyPacksOf(summary: SummaryEvent & { readonly PolicyPacks?: SummaryEvent["policyPacks"] }) {
  return summary.PolicyPacks ?? summary.policyPacks;
}

/** A replacement is several steps on one URN. */
function stepKey(metadata: { readonly urn: string; readonly op: OpType }): string {
  return `${metadata.op} ${metadata.urn}`;
}

/** The engine remarks that it found the policies' host where the rehearsal put it. */
function isOwnDoing(warning: string): boolean {
  return /^using pulumi-analyzer-policy-\S+ from \$PATH/.test(warning);
}

/** The message without the engine's colour marks (`<{%reset%}>`) and trailing space. */
function plain(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "").trim();
}

/** The steps that change something outside the engine's own bookkeeping. */
export function changesOf(journal: Journal): Step[] {
  return [...journal.steps.values()].filter(
    (step) => isChange(step.operation) && !isBookkeeping(resourceOf(step.urn).type),
  );
}

/** The stack itself, components and providers exist in the engine's state only. */
function isBookkeeping(type: string): boolean {
  return type.startsWith("pulumi:") || type.startsWith("uap:");
}

/** Tells whether an update would change anything at all, the stack's outputs included. */
export function isUpToDate(journal: Journal): boolean {
  const changes = [...journal.steps.values()].some(({ operation }) => isChange(operation));
  return !changes && !journal.stateChanged;
}

/** The parts of a URN that people recognise. */
export interface ResourceName {
  /** Type token without its parents, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  readonly name: string;
  /** The last part of the type: `Deployment`. */
  readonly kind: string;
  /** The layer of the platform that the resource belongs to, from its parents' types; `infra` for everything before it. */
  readonly layer: string;
}

/** Takes a URN (`urn:pulumi:<stack>::<project>::<parent>$<type>::<name>`) apart. */
export function resourceOf(urn: string): ResourceName {
  const [, , types = "", name = ""] = urn.split("::");
  const chain = types.split("$");
  const type = chain.at(-1) ?? "";
  const layer = chain
    .map((part) => /^uap:(\w+):/.exec(part)?.[1])
    .find((part) => part !== undefined && Object.hasOwn(layerTitles, part));
  return { type, name, kind: type.split(":").at(-1) ?? type, layer: layer ?? "infra" };
}
