import type * as pulumi from "@pulumi/pulumi";
import type { BackupStore } from "../../../config/sections/backup.ts";
import type { Sized } from "../../../config/systems.ts";
import type { ChartValues } from "../../kit/chart.ts";
import { digestOf } from "../../kit/checksum.ts";
import type { Resources } from "../../kit/container.ts";
import type { VeleroOptions } from "./options.ts";
import { veleroResources } from "./rendering.ts";
import { nonRoot, unprivileged } from "../../kit/security.ts";

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

/**
 * How the agent starts the pods that move data. The name tells of the contents, so that agents start anew when these change: they read it
 * once.
 */
const agentSettings = {
  "agent.json": JSON.stringify({ podResources: podResources(veleroResources.mover) }),
};
const agentSettingsName = `agent-${digestOf([agentSettings]).slice(0, 8)}`;

/** Limits of a pod as Velero's own settings spell them. */
function podResources({ limits, requests }: Resources): Readonly<Record<string, string>> {
  return {
    cpuRequest: requests.cpu,
    cpuLimit: limits.cpu,
    memoryRequest: requests.memory,
    memoryLimit: limits.memory,
  };
}

/** User and group of Velero's image (`cnb`). */
const user = 1002;
const group = 1000;

/** The empty volume that the chart mounts for the server. */
const scratchFolder = "/scratch";

export interface VeleroSettings {
  /** Name of the cluster, the folder of the bucket where none is named. */
  readonly cluster: string;
  readonly store: BackupStore;
  readonly options: Sized<VeleroOptions>;
  /** Image of the plugin that speaks S3. */
  readonly plugin: string;
}

/** Values of the chart `velero`. Its hooks, which renew definitions, stay off: the definitions come with the chart. */
export function veleroValues({
  cluster,
  credentials,
  options: { volumes },
  plugin,
  store,
}: VeleroSettings & { readonly credentials: pulumi.Output<string> }): ChartValues {
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
      // Kopia keeps its configuration and caches at home. Maintenance jobs take over user, volumes and environment from the server.
      extraEnvVars: [{ name: "HOME", value: scratchFolder }],
      repositoryMaintenanceJob: {
        repositoryConfigData: { global: { podResources: podResources(veleroResources.maintenance) } },
      },
    },
    snapshotsEnabled: false,
    initContainers: [
      {
        name: "velero-plugin-for-aws",
        image: plugin,
        imagePullPolicy: "IfNotPresent",
        resources: veleroResources.plugin,
        securityContext: unprivileged,
        volumeMounts: [{ name: "plugins", mountPath: "/target" }],
      },
    ],
    resources: veleroResources.server,
    podSecurityContext: {
      ...nonRoot(user, group),
      fsGroup: group,
    },
    containerSecurityContext: unprivileged,
    deployNodeAgent: volumes,
    configMaps: { [agentSettingsName]: { data: agentSettings } },
    nodeAgent: {
      resources: veleroResources.agent,
      containerSecurityContext: unprivileged,
      extraArgs: [`--node-agent-configmap=velero-${agentSettingsName}`],
      // A pod's volume is saved on the pod's node, whatever that is kept for.
      tolerations: [{ operator: "Exists" }],
    },
  };
}
