import { z } from "zod";

import type { Schedule } from "../schedules.ts";
import { scheduleSchema } from "../schedules.ts";
import { Sensitive } from "../sensitive.ts";

const secret = z
  .string()
  .min(1)
  .transform((value) => new Sensitive(value));

/** k3s' own defaults: twice a day, five kept. */
const defaultSchedule: Schedule = "0 */12 * * *";
const defaultRetention = 5;

/** The section `uap:backup`. */
export const backupSchema = z.strictObject({
  etcd: z
    .strictObject({
      schedule: scheduleSchema
        .default(defaultSchedule)
        .describe(`a cron schedule of five fields in UTC, such as "${defaultSchedule}"`),
      retention: z
        .int()
        .min(1)
        .max(1000)
        .default(defaultRetention)
        .describe("the number of snapshots that are kept, for example 5"),
    })
    .prefault({})
    .describe("a map with schedule and retention of etcd's snapshots"),
  s3: z
    .strictObject({
      endpoint: z
        .url({
          protocol: /^https?$/,
          error: ({ input }) => (typeof input === "string" ? "is not an http or https URL." : undefined),
        })
        .describe("the URL of the S3 service, for example https://s3.eu-central-1.amazonaws.com"),
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
          error: ({ input }) => (typeof input === "string" ? "is not a bucket name." : undefined),
        })
        .describe("the name of a bucket, 3 to 63 lower-case letters, digits, dots and hyphens"),
      region: z.string().min(1).default("us-east-1").describe("the S3 region, for example us-east-1"),
      folder: z
        .string()
        .min(1)
        .optional()
        .describe("the folder of the bucket; by default the cluster's name"),
      accessKey: secret.describe(
        "the access key, set by `pulumi config set --secret --path uap:backup.s3.accessKey`",
      ),
      secretKey: secret.describe(
        "the secret key, set by `pulumi config set --secret --path uap:backup.s3.secretKey`",
      ),
    })
    .optional()
    .describe("a map with endpoint, bucket, accessKey and secretKey of an S3 service"),
});

/** What is saved, when, and where to. */
export type Backup = z.output<typeof backupSchema>;

/** The S3 service that keeps the backups. */
export type BackupStore = NonNullable<Backup["s3"]>;
