import { formatDuration } from "../../../config/quantities.ts";
import type { Schedule } from "../../../config/schedules.ts";
import type { Alert } from "../../kit/alert-rules.ts";
import type { VeleroOptions } from "./options.ts";

const day = 86_400;

/** What people shall hear of backups: that one failed, that none was made, that there is nowhere to put them. */
export function backupAlerts(schedules: VeleroOptions["schedules"]): readonly Alert[] {
  return [
    {
      name: "BackupFailed",
      expression: 'max by (schedule) (velero_backup_last_status{schedule!=""}) == 0',
      severity: "critical",
      summary:
        "The last backup of the schedule {{ $labels.schedule }} failed: `velero backup describe` says why.",
    },
    {
      name: "BackupStoreUnavailable",
      expression: "velero_backup_location_status_gauge == 0",
      for: "15m",
      severity: "critical",
      summary: "Velero cannot reach the S3 service: backups can be neither made nor restored.",
    },
    ...schedules.map(({ name, schedule }): Alert => {
      const age = formatDuration(longestPause(schedule));
      const saved = `max(velero_backup_last_successful_timestamp{schedule="${name}"})`;
      return {
        name: "BackupOverdue",
        expression: `time() - ${saved} > ${longestPause(schedule)}`,
        severity: "critical",
        summary: `The schedule ${name} has had no successful backup for more than ${age}.`,
      };
    }),
  ];
}

/**
 * Seconds after which a schedule must have been at work, with a day to spare.
 *
 * @param schedule of five fields: minute, hour, day of the month, month, day of the week
 */
export function longestPause(schedule: Schedule): number {
  const [, , dayOfMonth = "*", month = "*", dayOfWeek = "*"] = schedule.split(" ");
  if (month !== "*") return 367 * day;
  if (dayOfMonth !== "*") return 32 * day;
  if (dayOfWeek !== "*") return 8 * day;
  return 2 * day;
}
