import type { CopyTarget } from "./files.ts";
import type { CopyMode } from "./options.ts";
import type { S3Keys } from "./users.ts";

/** The folders of the check's pod. */
export const copyCheckFolders = { keys: "/etc/object-store-copy-check", scratch: "/tmp" } as const;

/** A bucket for the check alone: nobody's objects are touched, and nobody else may read its keys. */
export const copyCheckBucket = "copy-check";
const marker = "marker";

/**
 * A configuration file of curl with which requests are signed as S3 wants them; secret. From a file, the keys show neither among the
 * processes nor in the pod.
 */
export function signingFile({ accessKey, secretKey }: S3Keys, region: string): string {
  return [
    `user = ${JSON.stringify(`${accessKey}:${secretKey}`)}`,
    `aws-sigv4 = "aws:amz:${region}:s3"`,
    // S3 wants to be told of the contents, and not all versions of curl do it by themselves.
    'header = "x-amz-content-sha256: UNSIGNED-PAYLOAD"',
    "",
  ].join("\n");
}

/** URL of the marker in the store. */
export function markerSource(endpoint: string): string {
  return `${endpoint}/${copyCheckBucket}/${marker}`;
}

/** URL of the folder that objects are copied to. */
export function copyFolder({ bucket, endpoint, folder }: CopyTarget): string {
  return [endpoint.replace(/\/+$/, ""), bucket, encodeURI(folder)].join("/");
}

/** How long the script waits for the marker, and looks again, in seconds. */
export interface CheckTimes {
  readonly patience: number;
  readonly pause: number;
}

/**
 * A shell script that writes a marker into the store, and fails unless it arrives at the target in time. The marker's contents are new each
 * time, in the same place: it leaves no more than one object behind, by day where the copy is by day.
 *
 * `SOURCE` is the marker's URL in the store, `TARGET` that of the folder which objects are copied to.
 */
export function copyCheckScript(mode: CopyMode, { patience, pause }: CheckTimes): string {
  const { keys, scratch } = copyCheckFolders;
  const day = mode === "by-day" ? "$(date -u +%Y-%m-%d)/" : "";
  return [
    "call() {",
    "  who=$1",
    "  shift",
    `  curl --silent --show-error --fail --max-time 30 --config "${keys}/$who" "$@"`,
    "}",
    'marker="$(hostname) $(date -u +%Y-%m-%dT%H:%M:%SZ)"',
    `echo "$marker" >${scratch}/marker`,
    `copy="$TARGET/${day}${copyCheckBucket}/${marker}"`,
    `call source --retry 5 --retry-all-errors --upload-file ${scratch}/marker "$SOURCE"`,
    `deadline=$(($(date +%s) + ${patience}))`,
    'until [ "$(call target "$copy")" = "$marker" ]; do',
    '  if [ "$(date +%s)" -ge "$deadline" ]; then',
    `    echo "The marker is in the store, and was not copied to $copy within ${patience} seconds." >&2`,
    "    exit 1",
    "  fi",
    `  sleep ${pause}`,
    "done",
    "",
  ].join("\n");
}
