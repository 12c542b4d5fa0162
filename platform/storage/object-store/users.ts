import { copyCheckBucket } from "./copy-check-files.ts";

/** A user of the object store, and what it may do in which bucket. */
export interface ObjectStoreUser {
  readonly name: string;
  /** Buckets that it may read and list. */
  readonly read: readonly string[];
  /** Buckets that it may read, list and write. */
  readonly write: readonly string[];
}

/** The two halves of what S3 calls credentials. */
export interface S3Keys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Buckets by what may be done in them. */
type Buckets = Pick<ObjectStoreUser, "read" | "write">;

/** The buckets of each system that keeps objects. */
const bucketsBySystem = {
  jupyterhub: {
    read: [],
    write: ["upload", "processed", "twitter", "exports", "test", "mlflow", "sensor-hourly"],
  },
  hive: { read: [], write: ["hive", "metastore", "exports"] },
  trino: { read: [], write: ["hive", "metastore", "exports"] },
  spark: { read: ["upload", "processed", "sensor-hourly"], write: ["hive", "exports"] },
  mlflow: { read: [], write: ["mlflow"] },
  hrdump: { read: [], write: ["sensor-hourly"] },
  compressor: { read: ["upload"], write: ["processed"] },
  "argo-workflows": { read: [], write: ["argo-workflows"] },
  kserve: { read: ["mlflow"], write: [] },
} as const satisfies Readonly<Record<string, Buckets>>;

/** A system that keeps objects: its user has the system's name. */
export type ObjectStoreConsumer = keyof typeof bucketsBySystem;

/** The systems among these that keep objects. */
export function consumersAmong(systems: readonly string[]): ObjectStoreConsumer[] {
  return (Object.keys(bucketsBySystem) as ObjectStoreConsumer[]).filter((name) => systems.includes(name));
}

/** The user of a system that keeps objects. */
export function userOf(consumer: ObjectStoreConsumer): ObjectStoreUser {
  return { name: consumer, ...bucketsBySystem[consumer] };
}

/** Every bucket that must exist, each once, in the order of the alphabet. */
export function bucketsOf(declared: readonly string[], users: readonly ObjectStoreUser[]): string[] {
  return [...new Set([...declared, ...users.flatMap(({ read, write }) => [...read, ...write])])].sort();
}

/** The operator's account: it may do everything. */
export const operator = "sysop";
/** The account of other stacks: it may read every bucket. */
export const reader = "reader";
/** The account of the check that objects are copied. */
export const copyChecker: ObjectStoreUser = { name: "copy-check", read: [], write: [copyCheckBucket] };

/** Names of users that nobody else may have. */
export const reservedNames: readonly string[] = [
  operator,
  reader,
  copyChecker.name,
  ...Object.keys(bucketsBySystem),
];

/** What SeaweedFS calls the parts of an access; `Admin` is all of them, and what an administrator does besides. */
const reading = ["Read", "List"];
const writing = [...reading, "Write", "Tagging"];

/**
 * The gateway's file of identities, as JSON.
 *
 * @param keys by user's name
 * @throws Error when a user has no keys
 */
export function identitiesFile(
  users: readonly ObjectStoreUser[],
  keys: Readonly<Record<string, S3Keys>>,
): string {
  const identity = (name: string, actions: readonly string[]) => {
    const credentials = keys[name];
    if (!credentials) throw new Error(`The user ${name} of the object store has no keys.`);
    return { name, credentials: [credentials], actions };
  };
  return JSON.stringify({
    identities: [
      identity(operator, ["Admin", ...writing]),
      identity(reader, reading),
      ...users.map((user) => identity(user.name, actionsOf(user))),
    ],
  });
}

/** `Read:upload`, `List:upload` and so on. */
function actionsOf({ read, write }: ObjectStoreUser): string[] {
  const inBuckets = (buckets: readonly string[], actions: readonly string[]) =>
    buckets.flatMap((bucket) => actions.map((action) => `${action}:${bucket}`));
  return [...new Set([...inBuckets(read, reading), ...inBuckets(write, writing)])].sort();
}
