import type { Complaint } from "./complaint.ts";
import { text } from "./complaint.ts";

/** A cron schedule of five fields in UTC. @example "0 *\/12 * * *" */
export type Schedule = `${string} ${string} ${string} ${string} ${string}`;

const fields = [
  { name: "minute", from: 0, to: 59 },
  { name: "hour", from: 0, to: 23 },
  { name: "day of the month", from: 1, to: 31 },
  { name: "month", from: 1, to: 12 },
  { name: "day of the week", from: 0, to: 6 },
] as const;

function complainAboutSchedule(value: string): Complaint | undefined {
  const parts = value.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    return {
      reason: `has ${parts.length} field${parts.length === 1 ? "" : "s"}; a cron schedule has five: minute, hour, day of the month, month, day of the week.`,
      fix: 'Write it like "0 */12 * * *".',
    };
  }
  const wrong = fields.find((field, index) => !fits(parts[index] ?? "", field));
  return (
    wrong && {
      reason: `is not a cron schedule: its ${wrong.name} must lie between ${wrong.from} and ${wrong.to}.`,
      fix: 'Use numbers, lists (1,15), ranges (1-5) and steps (*/10), like "0 */12 * * *".',
    }
  );
}

function fits(part: string, { from, to }: { from: number; to: number }): boolean {
  return part.split(",").every((item) => {
    const found = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/([1-9]\d*))?$/.exec(item);
    if (!found) return false;
    const first = Number(found[1] ?? from);
    const last = Number(found[2] ?? found[1] ?? to);
    return from <= first && first <= last && last <= to;
  });
}

/** A cron schedule of five fields. */
export const scheduleSchema = text<Schedule>(complainAboutSchedule);
