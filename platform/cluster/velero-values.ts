import type * as pulumi from "@pulumi/pulumi";
import type { ChartValues } from "../kit/chart.ts";
import type { VeleroArgs, BackupStore } from "./velero.ts";
import type { VeleroOptions } from "./velero-options.ts";
import { veleroResources } from "./velero-rendering.ts";

/** A Schedule of Velero, the fields that are used. */
export interface ScheduleSpec {
  readonly schedule: string;
  readonly template: {
    /** A duration as Go writes it. */
    readonly ttl: string;
    readonly includedNamespaces: readonly string[];
    readonly excludedNamespaces: readonly string[];
    readonly defaultVolumesToFsBackup: boolean;
  };
}

/** Other snapshots of the cluster than its objects are etcd's own. */
const neverSaved = ["kube-node-lease"];

export function scheduleSpec(
  { days, namespaces, schedule }: VeleroOptions["schedules"][number],
  volumes: boolean,
): ScheduleSpec {
  return {
    schedule,
    template: {
      ttl: `${days * 24}h0m0s`,
      includedNamespaces: namespaces ?? ["*"],
      excludedNamespaces: namespaces ? [] : neverSaved,
      defaultVolumesToFsBackup: volumes,
    },
  };
}

/** The keys as the AWS library reads them from a file. */
export function credentialsFile({ accessKey, secretKey }: BackupStore): string {
  return [
    "[default]",
    `aws_access_key_id=${accessKey.reveal()}`,
    `aws_secret_access_key=${secretKey.reveal()}`,
    "",
  ].join("\n");
}

/** The port of a URL. */
export function portOf(endpoint: string): number {
  const { port, protocol } = new URL(endpoint);
  if (port !== "") return Number(port);
  return protocol === "http:" ? 80 : 443;
}

/** The user of Velero's images. */
const user = 65532;

const contained = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} as const;

/** Values of the chart `velero`. Its hooks, which renew definitions, stay off: the definitions come with the chart. */
export function veleroValues({
  cluster,
  credentials,
  options: { volumes },
  plugin,
  store,
}: Omit<VeleroArgs, "place"> & { readonly credentials: pulumi.Output<string> }): ChartValues {
  return {
    upgradeCRDs: false,
    credentials: { existingSecret: credentials },
    configuration: {
      backupStorageLocation: [
        {
          name: "default",
          provider: "aws",
          default: true,
          bucket: store.bucket,
          // Beside etcd's snapshots, which lie in the folder itself.
          prefix: `${store.folder ?? cluster}/velero`,
          config: {
            region: store.region,
            s3Url: store.endpoint,
            s3ForcePathStyle: "true",
            // Many services but AWS know no checksums of their own.
            checksumAlgorithm: "",
          },
        },
      ],
      defaultVolumesToFsBackup: volumes,
    },
    snapshotsEnabled: false,
    initContainers: [
      {
        name: "velero-plugin-for-aws",
        image: plugin,
        imagePullPolicy: "IfNotPresent",
        resources: veleroResources.plugin,
        securityContext: contained,
        volumeMounts: [{ name: "plugins", mountPath: "/target" }],
      },
    ],
    resources: veleroResources.server,
    podSecurityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    // It keeps caches in its home, so the root is not read-only.
    containerSecurityContext: contained,
    deployNodeAgent: volumes,
    // The agent reads the files of other users' volumes, as root.
    nodeAgent: { resources: veleroResources.agent, containerSecurityContext: contained },
  };
}
