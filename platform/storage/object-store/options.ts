import { z } from "zod";
import { complains, text } from "../../../config/complaint.ts";
import { quantitySchema } from "../../../config/quantities.ts";
import { systemOptions } from "../../../config/systems.ts";
import { reservedNames } from "./users.ts";

/** S3's own rule without dots, which no wildcard certificate could serve. */
const bucketNamePattern = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const userNamePattern = /^[a-z][a-z0-9-]{0,31}$/;

const bucketName = text((name) =>
  bucketNamePattern.test(name)
    ? undefined
    : { reason: "is not a bucket name.", fix: "Use 3 to 63 lower-case letters, digits and hyphens." },
);

const bucketNames = z.array(bucketName.describe("a bucket name, for example exports"));

const userName = text((name) => {
  if (!userNamePattern.test(name)) {
    return { reason: "is not a user name.", fix: "Use up to 32 lower-case letters, digits and hyphens." };
  }
  return reservedNames.includes(name)
    ? { reason: "is the name of a user that the platform creates.", fix: "Choose another name." }
    : undefined;
});

const user = z.strictObject({
  /** Name of the user; its keys are generated. */
  name: userName.describe("a user name, for example reports"),
  /** Buckets that it may read and list. @default none */
  read: bucketNames.default([]).describe("a list of the buckets that the user may read and list"),
  /** Buckets that it may read, list and write. @default none */
  write: bucketNames.default([]).describe("a list of the buckets that the user may read, list and write"),
});

const users = z
  .array(user)
  .check(
    complains((list) =>
      new Set(list.map(({ name }) => name)).size === list.length
        ? undefined
        : { reason: "has two users of the same name.", fix: "Give every user its own." },
    ),
  );

/** The buckets that the users' programs expect. */
const expectedBuckets = [
  "upload",
  "processed",
  "twitter",
  "exports",
  "hive",
  "metastore",
  "test",
  "mlflow",
  "sensor-hourly",
];

/** How objects are copied to the S3 service of `uap:backup.s3`. */
const copyModes = ["mirror", "by-day"] as const;
export type CopyMode = (typeof copyModes)[number];

/** `uap:platform.systems.object-store`. */
export const objectStoreOptions = systemOptions({
  /** Size of the volume of each server that keeps objects: one if small, three if medium, four if large, and then every object twice. @default "20Gi" */
  storage: quantitySchema
    .default("20Gi")
    .describe("the size of the volume of each server that keeps objects, for example 20Gi"),
  /** Buckets that exist from the beginning, beside those of the systems that keep objects; none is ever deleted. @default those that the users' programs expect */
  buckets: bucketNames
    .default(expectedBuckets)
    .describe("a list of the buckets that exist from the beginning"),
  /** Users beside those of the systems, each with generated keys. @default none */
  users: users.default([]).describe("a list of users, each with name, read and write"),
  /**
   * Copies every object to the S3 service of `uap:backup.s3`, as it is written: `mirror` keeps the last version of each, also of deleted ones;
   * `by-day` keeps a folder of what was written for each day, until the bucket's own rules delete it. @default "none"
   */
  copy: z
    .enum(["none", ...copyModes])
    .default("none")
    .describe("how objects are copied to uap:backup.s3: none, mirror or by-day"),
});

export type ObjectStoreOptions = z.output<typeof objectStoreOptions>;
