import type { Backup } from "../../../config/sections/backup.ts";

/** The S3 service of `uap:backup.s3`, and the cluster whose backups go there. */
export interface BackupTarget {
  readonly store: NonNullable<Backup["s3"]>;
  readonly cluster: string;
}

/** Where backups lie, as Longhorn writes it: beside etcd's snapshots and Velero's backups, in a folder of their own. */
export function backupTargetUrl({ cluster, store }: BackupTarget): string {
  const { bucket, folder = cluster, region } = store;
  return `s3://${bucket}@${region}/${folder}/longhorn/`;
}

/** The texts of the Secret that Longhorn reads; with an endpoint named, it puts the bucket into the path, as Velero does. */
export function backupCredentials({ store }: BackupTarget): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: store.accessKey.reveal(),
    AWS_SECRET_ACCESS_KEY: store.secretKey.reveal(),
    AWS_ENDPOINTS: store.endpoint,
  };
}
