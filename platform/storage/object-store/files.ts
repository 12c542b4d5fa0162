import { createHash } from "node:crypto";
import type { CopyMode } from "./options.ts";
import type { S3Keys } from "./users.ts";
import { securityFolder } from "./values.ts";

/**
 * `security.toml`: the parts give each other orders over TLS only, each showing a certificate of the store's own authority. The objects
 * themselves go from part to part by HTTP, which network policies keep within the namespace; a volume server takes only those that the
 * masters signed for.
 *
 * @param signingKey what masters and volume servers share
 */
export function securityFile(signingKey: string): string {
  const parts = ["master", "volume", "filer", "s3", "client"];
  return [
    "[jwt.signing]",
    `key = ${quoted(signingKey)}`,
    "",
    "[grpc]",
    `ca = "${securityFolder}/ca.crt"`,
    ...parts.flatMap((part) => [
      "",
      `[grpc.${part}]`,
      `cert = "${securityFolder}/tls.crt"`,
      `key = "${securityFolder}/tls.key"`,
    ]),
    "",
  ].join("\n");
}

/** An S3 service that objects are copied to. */
export interface CopyTarget {
  /** URL of the service. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** Folder of the bucket, without slashes at its ends. */
  readonly folder: string;
}

/** `replication.toml`: where objects are copied to; secret, for its keys. */
export function replicationFile(target: CopyTarget, keys: S3Keys, mode: CopyMode): string {
  return [
    "[sink.s3]",
    "enabled = true",
    `endpoint = ${quoted(target.endpoint)}`,
    `region = ${quoted(target.region)}`,
    `bucket = ${quoted(target.bucket)}`,
    `directory = ${quoted(directoryOf(target))}`,
    `aws_access_key_id = ${quoted(keys.accessKey)}`,
    `aws_secret_access_key = ${quoted(keys.secretKey)}`,
    `is_incremental = ${mode === "by-day"}`,
    "",
  ].join("\n");
}

/**
 * The folder, by a path that no other target has. What SeaweedFS remembers of how far it came, it remembers by this text alone: with the
 * folder's plain path, the copy at another service would begin in the middle, without what was written before.
 */
function directoryOf({ bucket, endpoint, folder }: CopyTarget): string {
  const identity = createHash("sha256").update(`${endpoint} ${bucket}`).digest("hex").slice(0, 12);
  return `/${identity}/../${folder}`;
}

/**
 * A shell script that makes the buckets which are missing, and fails unless all are there at its end. It may run as often as one likes: a
 * bucket that exists is left alone, since making it again would take away its owner and settings.
 *
 * @param shell the command that reads the store's own commands from its standard input
 */
export function bucketsScript(buckets: readonly string[], shell: string): string {
  return [
    "list() {",
    `  answer=$(echo s3.bucket.list | ${shell} 2>&1)`,
    // The shell ends well whatever its commands do; taking an error for an empty list would make every bucket anew.
    `  if echo "$answer" | grep '^error: ' >&2; then exit 1; fi`,
    `  echo "$answer" | awk '{ print $1 }'`,
    "}",
    "existing=$(list)",
    `for bucket in ${buckets.join(" ")}; do`,
    '  echo "$existing" | grep -Fxq "$bucket" || echo "s3.bucket.create -name $bucket"',
    `done | ${shell}`,
    "made=$(list)",
    `for bucket in ${buckets.join(" ")}; do`,
    '  echo "$made" | grep -Fxq "$bucket" || { echo "There is no bucket $bucket." >&2; exit 1; }',
    "done",
    "",
  ].join("\n");
}

/** A basic string of TOML, which JSON's strings are too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
