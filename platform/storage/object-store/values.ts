import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Sized } from "../../../config/systems.ts";
import type { ChartValues } from "../../kit/chart.ts";
import type { ObjectStoreOptions } from "./options.ts";
import { indexVolumes, objectStoreReplicas, objectStoreResources } from "./rendering.ts";
import { hardened, nonRoot } from "../../kit/security.ts";

/** The user that the image is made for. */
export const seaweedfsUser = 1000;
/** Ports of the parts: what each serves, and 10,000 above it what the parts say to each other. */
export const seaweedfsPorts = { master: 9333, volume: 8080, filer: 8888, metrics: 9327 } as const;
/** Where every part looks for `security.toml`; the certificates lie beside it. */
export const securityFolder = "/usr/local/etc/seaweedfs";
/** The Secret with those files. */
export const securitySecret = "seaweedfs-security";

/** Name of the folder that keeps objects, of its volume, and so of the template of its claims. */
export const dataFolder = "data1";

/** What the values need to know beside the options. */
export interface ObjectStoreValuesArgs {
  readonly options: Sized<ObjectStoreOptions>;
  /** Class of the volumes. @default the cluster's default class */
  readonly storageClass?: pulumi.Output<string> | undefined;
}

/**
 * Values of the chart `seaweedfs`: masters, volume servers and the filer. Its gateway is left off: the platform makes its own, with a
 * disruption budget and the Service that the users' programs expect.
 */
export function objectStoreValues({ options, storageClass }: ObjectStoreValuesArgs): ChartValues {
  const replicas = objectStoreReplicas(options.size);
  // The first digits are other data centres and other racks, the last one other servers.
  const replication = replicas.volume > 1 ? "001" : "000";
  const claim = (size: string) => ({
    type: "persistentVolumeClaim",
    size,
    ...(storageClass !== undefined && { storageClass }),
  });
  return {
    global: {
      seaweedfs: {
        imagePullPolicy: "IfNotPresent",
        // The role lets the parts delete pods, which only other charts' drivers want.
        createClusterRole: false,
        automountServiceAccountToken: false,
      },
    },
    master: {
      ...part("master"),
      replicas: replicas.master,
      defaultReplication: replication,
      data: claim(indexVolumes.master),
      logs: { type: "" },
      config: maintenance(replication),
      // Every bucket grows volumes of its own, by default seven of 1 GB at once: nine buckets would fill a small disk with nothing.
      volumeSizeLimitMB: 256,
      extraEnvironmentVars: {
        WEED_MASTER_VOLUME_GROWTH_COPY_1: "1",
        WEED_MASTER_VOLUME_GROWTH_COPY_2: "1",
        WEED_MASTER_VOLUME_GROWTH_COPY_3: "1",
        WEED_MASTER_VOLUME_GROWTH_COPY_OTHER: "1",
      },
    },
    volume: {
      ...part("volume"),
      replicas: replicas.volume,
      // As many volumes as the disk has room for.
      dataDirs: [{ name: dataFolder, ...claim(options.storage), maxVolumes: 0 }],
      resizeHook: { enabled: false },
    },
    filer: {
      ...part("filer"),
      replicas: replicas.filer,
      defaultReplicaPlacement: replication,
      data: claim(indexVolumes.filer),
      logs: { type: "" },
    },
    s3: { enabled: false },
  };
}

/** Minutes between two rounds of maintenance. */
const maintenanceMinutes = 17;

/**
 * `master.toml`: the commands that the leading master runs again and again. Without them nothing gives a volume back the copy that was lost
 * with its server, nor fills a server that was added. Volumes from a time with one server get their second copy here.
 */
function maintenance(replication: string): string {
  return [
    "[master.maintenance]",
    'scripts = """',
    "lock",
    ...(replication === "000"
      ? []
      : [`volume.configure.replication -collectionPattern=* -replication=${replication}`]),
    "volume.deleteEmpty -quietFor=24h -apply",
    "volume.balance -apply",
    "volume.fix.replication -apply",
    "s3.clean.uploads -timeAgo=24h",
    "unlock",
    '"""',
    `sleep_minutes = ${maintenanceMinutes}`,
    "",
  ].join("\n");
}

/** What the parts have in common. With no type of logs, they log to the standard error. */
function part(name: "master" | "volume" | "filer"): ChartValues {
  return {
    resources: objectStoreResources[name],
    affinity: "",
    topologySpreadConstraints: stringify([
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        // Two copies on one node would be lost together. Where there are fewer nodes than pods, they share them evenly.
        whenUnsatisfiable: "DoNotSchedule",
        nodeTaintsPolicy: "Honor",
        labelSelector: { matchLabels: partLabels(name) },
      },
    ]),
    podSecurityContext: {
      enabled: true,
      ...nonRoot(seaweedfsUser),
      fsGroup: seaweedfsUser,
      fsGroupChangePolicy: "OnRootMismatch",
    },
    containerSecurityContext: {
      enabled: true,
      ...hardened,
    },
    extraVolumes: stringify([
      { name: "security", secret: { secretName: securitySecret, defaultMode: 0o440 } },
      // For the sockets that the parts open.
      { name: "tmp", emptyDir: {} },
    ]),
    extraVolumeMounts: stringify([
      { name: "security", mountPath: securityFolder, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ]),
  };
}

/** The labels that the chart gives the pods of a part. */
export function partLabels(name: "master" | "volume" | "filer"): Record<string, string> {
  return {
    "app.kubernetes.io/name": "seaweedfs",
    "app.kubernetes.io/instance": "seaweedfs",
    "app.kubernetes.io/component": name,
  };
}
