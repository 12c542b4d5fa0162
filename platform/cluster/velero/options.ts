import { z } from "zod";
import { text } from "../../../config/complaint.ts";
import { complainAboutLabel } from "../../../config/names.ts";
import { scheduleSchema, type Schedule } from "../../../config/schedules.ts";
import { systemOptions, type Requirement } from "../../../config/systems.ts";

const daily: Schedule = "0 3 * * *";

const schedule = z.strictObject({
  /** Name of the schedule, and first part of the names of its backups. */
  name: text(complainAboutLabel).describe("a name for the schedule, a DNS label such as daily"),
  /** When, in UTC. @default "0 3 * * *" */
  schedule: scheduleSchema
    .default(daily)
    .describe(`a cron schedule of five fields in UTC, such as "${daily}"`),
  /** How long each backup is kept. @default 7 */
  days: z
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe("the number of days for which a backup is kept, for example 7"),
  /** Whose objects and volumes. @default those of all namespaces */
  namespaces: z
    .array(z.string().min(1).describe("the name of a namespace"))
    .min(1)
    .optional()
    .describe("a list of namespaces; by default all"),
});

/** `uap:platform.systems.velero`. */
export const veleroOptions = systemOptions({
  /** @default one a day, kept for a week, of everything */
  schedules: z
    .array(schedule)
    .default([{ name: "daily", schedule: daily, days: 7 }])
    .describe("a list of schedules, each with name, schedule, days and namespaces"),
  /** Save the files of pods' volumes too, by an agent on every node. @default true */
  volumes: z.boolean().default(true).describe("true to save the contents of volumes too, or false"),
});

export type VeleroOptions = z.output<typeof veleroOptions>;

/** Velero keeps nothing in the cluster that it is to bring back. */
export const needsBackupStore: Requirement = {
  reads: ["cluster.kind", "backup.s3"],
  complain({ backup, cluster }) {
    if (backup.s3 !== undefined) return undefined;
    return {
      reason: "keeps its backups in an S3 service, but uap:backup.s3 is not set.",
      fix:
        cluster.kind === "k3s"
          ? "Set it, with endpoint, bucket, accessKey and secretKey, or write `velero: false`."
          : "Write `velero: false`: a stack on an existing cluster has no uap:backup.",
    };
  },
};
