import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** From the project's folder or the one that `UAP_PROJECT` names, as in readiness. */
const program = 'node "${UAP_PROJECT:-.}/platform/storage/release/main.ts"';

export interface ReleaseArgs {
  /** Name of the storage class, known once the class is there. */
  readonly storageClass: pulumi.Output<string>;
  /** The way in for an administrator; secret. */
  readonly kubeconfig: pulumi.Input<string>;
  /** How long the volumes have to go, in seconds. @default 900 */
  readonly timeoutSeconds?: number;
}

/**
 * What lets a storage class go only after its volumes. Nothing happens when it is made. When it is deleted, after all that claims volumes by
 * the name that it returns, the claims that are left are deleted, and their volumes are waited for, while the driver is still there to delete
 * them: no cloud is left with disks that cost money, and no Ceph waits for volumes that nobody would delete any more.
 *
 * @returns the name of the class, for those who claim volumes of it
 */
export function releaseVolumes(
  name: string,
  { kubeconfig, storageClass, timeoutSeconds = 900 }: ReleaseArgs,
): pulumi.Output<string> {
  const release = new command.local.Command(`${name}-volumes`, {
    delete: program,
    environment: {
      UAP_KUBECONFIG: pulumi.secret(kubeconfig),
      UAP_STORAGE_CLASS: storageClass,
      UAP_TIMEOUT: String(timeoutSeconds),
    },
  });
  return pulumi.all([storageClass, release.id]).apply(([className]) => className);
}
