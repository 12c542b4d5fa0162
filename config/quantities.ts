import { z } from "zod";

import type { Complaint } from "./complaint.ts";
import { complains, text } from "./complaint.ts";

const bytesPerUnit = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;
const secondsPerUnit = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

type ByteUnit = keyof typeof bytesPerUnit;
type TimeUnit = keyof typeof secondsPerUnit;

/** An amount of memory or storage with its binary unit, as Kubernetes writes it. @example "10Gi" */
export type Quantity = `${number}${ByteUnit}`;
/** An amount of processor time: whole or decimal cores, or thousandths of a core. @example "500m" */
export type CpuQuantity = `${number}m` | `${number}`;
/** A span of time. @example "12h" */
export type Duration = `${number}${TimeUnit}`;

const quantityPattern = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti)$/;
const cpuPattern = /^(?:(\d+)m|(\d+(?:\.\d{1,3})?))$/;
const durationPattern = /^(\d+)([smhd])$/;

/** Bytes of a quantity. A fraction of a byte counts as a whole one, as in Kubernetes. @throws RangeError when it is malformed */
export function parseQuantity(quantity: Quantity): number {
  const [, amount, unit] = match(quantityPattern, quantity, "a size such as 10Gi");
  return Math.ceil(Number(amount) * bytesPerUnit[unit as ByteUnit]);
}

/** The quantity of a number of bytes, in the largest unit that needs no fraction; rounded up to a whole Ki. */
export function formatQuantity(bytes: number): Quantity {
  const kibibytes = Math.ceil(bytes / bytesPerUnit.Ki);
  const units = Object.keys(bytesPerUnit) as ByteUnit[];
  const unit = units.findLast((each) => (kibibytes * bytesPerUnit.Ki) % bytesPerUnit[each] === 0) ?? "Ki";
  return kibibytes === 0 ? "0Ki" : `${(kibibytes * bytesPerUnit.Ki) / bytesPerUnit[unit]}${unit}`;
}

/** Millicores of an amount of processor time. @throws RangeError when it is malformed */
export function parseCpu(cpu: CpuQuantity): number {
  const [, millicores, cores] = match(cpuPattern, cpu, "an amount of processor time such as 500m or 2");
  return millicores === undefined ? Math.round(Number(cores) * 1000) : Number(millicores);
}

/** The processor time of a number of millicores: whole cores when it is some, else thousandths, rounded up. */
export function formatCpu(millicores: number): CpuQuantity {
  const whole = Math.ceil(millicores);
  return whole % 1000 === 0 ? `${whole / 1000}` : `${whole}m`;
}

/** Seconds of a duration. @throws RangeError when it is malformed */
export function parseDuration(duration: Duration): number {
  const [, amount, unit] = match(durationPattern, duration, "a duration such as 12h");
  return Number(amount) * secondsPerUnit[unit as TimeUnit];
}

/** The duration of a number of seconds, in the largest unit that needs no fraction; rounded up to a whole second. */
export function formatDuration(seconds: number): Duration {
  const whole = Math.ceil(seconds);
  const units = Object.keys(secondsPerUnit) as TimeUnit[];
  const unit = units.findLast((each) => whole % secondsPerUnit[each] === 0) ?? "s";
  return whole === 0 ? "0s" : `${whole / secondsPerUnit[unit]}${unit}`;
}

function match(pattern: RegExp, value: string, kind: string): RegExpExecArray {
  const found = pattern.exec(value);
  if (!found) throw new RangeError(`"${value}" is not ${kind}.`);
  return found;
}

function complainAboutQuantity(value: string): Complaint | undefined {
  const found = quantityPattern.exec(value);
  if (found) return Number(found[1]) > 0 ? undefined : { reason: "is zero.", fix: "Give more than zero." };
  const near = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b?$/i.exec(value);
  const reason = "is not a size: a number and one of the units Ki, Mi, Gi or Ti.";
  return near
    ? { reason, suggestion: `${near[1] ?? ""}${(near[2] ?? "").toUpperCase()}i` }
    : { reason, fix: "Write it like 512Mi or 10Gi." };
}

function complainAboutCpu(value: string): Complaint | undefined {
  if (cpuPattern.test(value)) {
    return parseCpu(value as CpuQuantity) > 0
      ? undefined
      : { reason: "is zero.", fix: "Give more than zero." };
  }
  return {
    reason: "is not an amount of processor time: cores, or thousandths of a core with the unit m.",
    fix: "Write it like 2, 0.5 or 500m.",
  };
}

function complainAboutDuration(value: string): Complaint | undefined {
  return durationPattern.test(value)
    ? undefined
    : {
        reason: "is not a duration: a whole number and one of the units s, m, h or d.",
        fix: "Write it like 90s or 12h.",
      };
}

/** Memory or storage, more than nothing. */
export const quantitySchema = text<Quantity>(complainAboutQuantity);
/** Processor time, more than nothing; YAML's numbers are welcome (`cpu: 4`). */
export const cpuSchema = z
  .union([z.string(), z.number()])
  .transform(String)
  .check(complains(complainAboutCpu))
  .transform((value) => value as CpuQuantity);
/** A span of time. */
export const durationSchema = text<Duration>(complainAboutDuration);
