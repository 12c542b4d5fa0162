import type { Schedule } from "../../../config/schedules.ts";
import type { LonghornOptions } from "./options.ts";

/** A RecurringJob of Longhorn, the fields that are used. */
export interface RecurringJobSpec {
  /** The object's own name. */
  readonly name: string;
  readonly task: "snapshot" | "backup";
  readonly cron: Schedule;
  /** How many of its snapshots or backups are kept of each volume. */
  readonly retain: number;
  /** Volumes at a time. */
  readonly concurrency: number;
  readonly groups: readonly string[];
}

/** Longhorn's name for every volume that is in no other group and has no job of its own. */
const everyVolume = "default";

/** At night, and before Velero: what is read from disks for one would slow the other. */
const schedules = {
  snapshot: "0 1 * * *",
  backup: "0 2 * * *",
} as const satisfies Readonly<Record<RecurringJobSpec["task"], Schedule>>;

/**
 * What Longhorn does with every volume each day: a snapshot on the volume's own disks, and a backup if there is somewhere to put it.
 *
 * @param hasTarget whether `uap:backup.s3` is set
 */
export function recurringJobs(
  { backups, snapshots }: Pick<LonghornOptions, "backups" | "snapshots">,
  hasTarget: boolean,
): RecurringJobSpec[] {
  const job = (task: RecurringJobSpec["task"], retain: number): RecurringJobSpec => ({
    name: `daily-${task}`,
    task,
    cron: schedules[task],
    retain,
    concurrency: 2,
    groups: [everyVolume],
  });
  return [job("snapshot", snapshots), ...(hasTarget ? [job("backup", backups)] : [])].filter(
    ({ retain }) => retain > 0,
  );
}
