import { z } from "zod";

import type { Complaint } from "./complaint.ts";
import { complains, text } from "./complaint.ts";
import { complainAboutDomain } from "./names.ts";
import { closest } from "./suggestions.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

/** What a taint does to pods that do not tolerate it. */
export type TaintEffect = (typeof effects)[number];
/** A taint of a node, `key[=value]:effect`. @example "dedicated=pi:NoSchedule" */
export type Taint = `${string}:${TaintEffect}`;

/** A taint in its parts, as Kubernetes' API has them. */
export interface TaintParts {
  readonly key: string;
  readonly value: string;
  readonly effect: TaintEffect;
}

/** The parts of a taint; a taint without a value has an empty one. */
export function parseTaint(taint: Taint): TaintParts {
  const { key, value, effect } = split(taint);
  return { key, value, effect: effect as TaintEffect };
}

function split(taint: string) {
  const [, key = "", value = "", effect = ""] = /^([^=:]*)(?:=([^:]*))?:(.*)$/.exec(taint) ?? [];
  return { key, value, effect };
}

function complainAboutTaint(taint: string): Complaint | undefined {
  const { key, value, effect } = split(taint);
  if (key === "")
    return { reason: "is not a taint: key=value:effect.", fix: "Write it like dedicated=pi:NoSchedule." };
  if (!(effects as readonly string[]).includes(effect)) {
    const near = closest(effect, effects);
    const reason = "has no effect that Kubernetes knows: NoSchedule, PreferNoSchedule or NoExecute.";
    return near === undefined
      ? { reason, fix: "Choose one of them." }
      : { reason, suggestion: taint.slice(0, taint.lastIndexOf(":") + 1) + near };
  }
  return complainAboutKey(key) ?? complainAboutValue(value);
}

/** Kubernetes' qualified names: an optional DNS prefix with a slash, then at most 63 characters. */
function complainAboutKey(key: string): Complaint | undefined {
  const [name = "", prefix, more] = key.split("/").reverse();
  const isFine =
    more === undefined &&
    /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(name) &&
    (prefix === undefined || complainAboutDomain(prefix) === undefined);
  return isFine
    ? undefined
    : {
        reason: "is not a key that Kubernetes allows.",
        fix: "Write it like disk or example.org/disk, with at most 63 characters.",
      };
}

function complainAboutValue(value: string): Complaint | undefined {
  return /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value)
    ? undefined
    : {
        reason: "is not a value that Kubernetes allows.",
        fix: "Use at most 63 letters, digits, hyphens, dots and underscores, beginning and ending with a letter or digit.",
      };
}

/** Labels of Kubernetes' own that a kubelet may set on its node (admission plugin NodeRestriction). */
const allowedOwnLabels = ["topology.kubernetes.io/region", "topology.kubernetes.io/zone"];

function complainAboutLabelKey(key: string): Complaint | undefined {
  const complaint = complainAboutKey(key);
  if (complaint) return complaint;
  const prefix = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const isOwn = /(^|\.)(kubernetes|k8s)\.io$/.test(prefix);
  const isAllowed = allowedOwnLabels.includes(key) || /(^|\.)(node|kubelet)\.kubernetes\.io$/.test(prefix);
  return isOwn && !isAllowed
    ? {
        reason: "is one of Kubernetes' own labels, which a node is not allowed to give itself.",
        fix: "Choose a key of your own, such as example.org/disk.",
      }
    : undefined;
}

/** A taint of a node. */
export const taintSchema = text<Taint>(complainAboutTaint);
/** Labels of nodes, by key. */
export const labelsSchema = z.record(
  z.string().check(complains(complainAboutLabelKey)),
  z.string().check(complains(complainAboutValue)),
);
