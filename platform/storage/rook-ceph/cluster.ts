import type { Resources } from "../../kit/container.ts";
import type { CephDisks } from "./options.ts";
import { cephImage, copiesOn, gatewaysOf, managersOn, monitorsOn, type CephShape } from "./rendering.ts";
import { cephHelpers, daemonResources } from "./resources.ts";

/** The device that a node's file appears as: a high number, which nothing else takes. */
export const fileDevice = "/dev/loop100";

/** Port of Ceph's own page, in the pods of the managers: not one of those that their nodes may call, as Rook's default is. */
export const cephDashboardPort = 8080;

type ResourcesByName = Readonly<Record<string, Resources>>;

/**
 * Warnings of keys that kernels before 7.0 can use: the drivers' keys are of that kind on purpose, and Ceph would warn of them for ever,
 * and so hide whatever else it warns of.
 */
const expectedWarnings = [
  "AUTH_INSECURE_CLIENT_KEY_TYPE",
  "AUTH_INSECURE_KEYS_ALLOWED",
  "AUTH_INSECURE_KEYS_CREATABLE",
  "AUTH_INSECURE_ROTATING_SERVICE_KEY_TYPE",
] as const;

interface Pool {
  readonly name?: string;
  readonly failureDomain: "host" | "osd";
  readonly replicated: { readonly size: number; readonly requireSafeReplicaSize: boolean };
  /** Settings by Ceph's own names. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The fields of a `CephCluster` that are set here. */
export interface CephClusterSpec {
  readonly cephVersion: { readonly image: string; readonly imagePullPolicy: "IfNotPresent" };
  readonly dataDirHostPath: string;
  readonly mon: { readonly count: number; readonly allowMultiplePerNode: boolean };
  readonly mgr: { readonly count: number; readonly allowMultiplePerNode: boolean };
  readonly dashboard: { readonly enabled: boolean; readonly ssl: boolean; readonly port: number };
  readonly monitoring: { readonly enabled: boolean; readonly metricsDisabled: boolean };
  readonly crashCollector: { readonly disable: boolean };
  readonly logCollector: { readonly enabled: boolean };
  readonly cleanupPolicy: {
    readonly confirmation: "" | "yes-really-destroy-data";
    readonly allowUninstallWithVolumes: boolean;
  };
  readonly priorityClassNames: Readonly<Record<"mon" | "osd" | "mgr", string>>;
  readonly resources: ResourcesByName;
  readonly security: { readonly cephx: { readonly csi: { readonly keyType: "aes" | "aes256k" } } };
  readonly healthCheck: {
    readonly muteHealthWarning: Readonly<Record<string, { readonly policy: "mute" }>>;
  };
  /** Settings by Ceph's own names. */
  readonly cephConfig?: { readonly global: Readonly<Record<string, string>> };
  readonly storage: CephStorage;
}

type CephStorage =
  | {
      readonly useAllNodes: true;
      readonly useAllDevices: false;
      readonly devices?: readonly { readonly name: string }[];
      readonly deviceFilter?: string;
      readonly devicePathFilter?: string;
    }
  | { readonly useAllNodes: false; readonly storageClassDeviceSets: readonly object[] };

export interface CephClusterSettings extends CephShape {
  readonly hasPage: boolean;
  readonly isMonitored: boolean;
  readonly teardown: boolean;
}

/** The cluster: monitors that vote, managers, and an OSD for every disk. */
export function cephClusterSpec(settings: CephClusterSettings): CephClusterSpec {
  const { nodes, options, size } = settings;
  const { mgr, mon, osd } = daemonResources(size);
  return {
    cephVersion: { image: cephImage, imagePullPolicy: "IfNotPresent" },
    dataDirHostPath: "/var/lib/rook",
    mon: { count: monitorsOn(nodes), allowMultiplePerNode: false },
    mgr: { count: managersOn(nodes, size), allowMultiplePerNode: false },
    dashboard: { enabled: settings.hasPage, ssl: false, port: cephDashboardPort },
    // Rook's own monitors of Prometheus would need permissions besides; ours do the same.
    monitoring: { enabled: false, metricsDisabled: !settings.isMonitored },
    crashCollector: { disable: true },
    // Daemons write to their pods' logs, which are collected for the whole cluster.
    logCollector: { enabled: false },
    // Once confirmed, Rook stops looking after the cluster: only for its end.
    cleanupPolicy: {
      confirmation: settings.teardown ? "yes-really-destroy-data" : "",
      allowUninstallWithVolumes: settings.teardown,
    },
    priorityClassNames: {
      mon: "system-node-critical",
      osd: "system-node-critical",
      mgr: "system-cluster-critical",
    },
    resources: { mon, mgr, osd, ...cephHelpers },
    // The nodes' kernels mount the volumes. Ceph would give the drivers keys that only kernels from 7.0 on understand.
    security: { cephx: { csi: { keyType: "aes" } } },
    healthCheck: {
      muteHealthWarning: Object.fromEntries(
        expectedWarnings.map((warning) => [warning, { policy: "mute" as const }]),
      ),
    },
    ...smallClusterConfig(nodes),
    storage: cephStorage(options.disks, nodes),
  };
}

/** On fewer nodes than Ceph expects, pools that Ceph makes by itself have as many copies as all others, and one copy is no reason to warn. */
function smallClusterConfig(nodes: number): Pick<CephClusterSpec, "cephConfig"> {
  const copies = copiesOn(nodes);
  if (copies >= 3) return {};
  return {
    cephConfig: {
      global: {
        osd_pool_default_size: String(copies),
        ...(copies === 1 && { mon_warn_on_pool_no_redundancy: "false" }),
      },
    },
  };
}

/** What the cluster stores on. Nodes with a taint are passed over, since Ceph's pods do not tolerate it. */
export function cephStorage(disks: CephDisks, nodes: number): CephStorage {
  switch (disks.kind) {
    case "files":
      return { useAllNodes: true, useAllDevices: false, devices: [{ name: fileDevice }] };
    case "devices":
      return { useAllNodes: true, useAllDevices: false, ...deviceFilter(disks) };
    case "volumes":
      return { useAllNodes: false, storageClassDeviceSets: [deviceSet(disks, nodes)] };
    default:
      return disks satisfies never;
  }
}

/** Short names such as `sdb`, or paths, which also tell the maker of a disk. */
function deviceFilter({ pattern }: CephDisks & { kind: "devices" }) {
  return pattern.includes("/") ? { devicePathFilter: pattern } : { deviceFilter: pattern };
}

function deviceSet(
  { class: className, count, size }: CephDisks & { kind: "volumes" },
  nodes: number,
): object {
  const spread = {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: nodes > 1 ? "DoNotSchedule" : "ScheduleAnyway",
        labelSelector: {
          matchExpressions: [
            { key: "app", operator: "In", values: ["rook-ceph-osd", "rook-ceph-osd-prepare"] },
          ],
        },
      },
    ],
  };
  return {
    name: "volumes",
    count,
    portable: true,
    tuneDeviceClass: true,
    placement: spread,
    preparePlacement: spread,
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          volumeMode: "Block",
          storageClassName: className,
          resources: { requests: { storage: size } },
        },
      },
    ],
  };
}

/** A pool whose copies stand on different nodes, where there are some. */
export function cephPool(nodes: number): Pool {
  const size = copiesOn(nodes);
  return {
    failureDomain: nodes > 1 ? "host" : "osd",
    // Ceph refuses a single copy unless one insists.
    replicated: { size, requireSafeReplicaSize: size > 1 },
    // Nothing counts as written that lies on one disk alone. With two copies, Ceph's own choice would be one.
    ...(size > 1 && { parameters: { min_size: "2" } }),
  };
}

/** The pool that Ceph's managers make for themselves, with three copies unless told otherwise: on fewer nodes it would never be healthy. */
export function managersPool(nodes: number): Pool {
  return { name: ".mgr", ...cephPool(nodes) };
}

/** The file system: one server of metadata works, the other stands by. */
export function cephFilesystemSpec({ nodes, size }: CephShape) {
  return {
    metadataPool: cephPool(nodes),
    dataPools: [{ name: "replicated", ...cephPool(nodes) }],
    preserveFilesystemOnDelete: false,
    metadataServer: {
      activeCount: 1,
      activeStandby: true,
      priorityClassName: "system-cluster-critical",
      resources: daemonResources(size).mds,
    },
  };
}

/** S3, inside the cluster on port 80 of `rook-ceph-rgw-objects`. */
export function cephObjectStoreSpec({ nodes, size }: CephShape) {
  return {
    metadataPool: cephPool(nodes),
    dataPool: cephPool(nodes),
    preservePoolsOnDelete: false,
    gateway: {
      port: 80,
      instances: gatewaysOf(size),
      priorityClassName: "system-cluster-critical",
      resources: daemonResources(size).rgw,
    },
  };
}
