import type * as pulumi from "@pulumi/pulumi";
import { formatQuantity, parseQuantity } from "../../../config/quantities.ts";
import type { ChartValues } from "../../kit/chart.ts";
import type { MonitoringOptions } from "./options.ts";
import {
  monitoringResources,
  monitoringScale,
  monitoringVolumes,
  type ExporterNetwork,
} from "./rendering.ts";
import { hardened } from "../../kit/security.ts";

/** Settings, and the names of what is made beside the chart. */
export interface MonitoringSettings {
  readonly options: Pick<MonitoringOptions, "retention" | "storage"> & {
    readonly size: NonNullable<MonitoringOptions["size"]>;
  };
  /** Where everything runs, and where dashboards lie. */
  readonly namespace: string | pulumi.Output<string>;
  /** Where people find Grafana. @default nowhere but inside the cluster */
  readonly host: string | undefined;
  /** The Secret with Grafana's administrator. */
  readonly administrator: string;
  /** Whose network node-exporter is in. */
  readonly exporterNetwork: ExporterNetwork;
  /** The Secret with Alertmanager's configuration, as `alertmanager.yaml`. */
  readonly alertmanager: string;
}

/** Keys of the Secret with Grafana's administrator. */
export const administratorKeys = { user: "admin-user", password: "admin-password" } as const;

/** Prometheus deletes its oldest data when they fill this part of the volume: the journal of new data needs the rest. */
const usablePart = 0.85;

/**
 * Values of the chart `kube-prometheus-stack`.
 *
 * Without the operator's webhooks, whose certificate would be made by hooks; tests hold every custom resource against its definition
 * before the cluster sees it.
 */
export function monitoringValues(settings: MonitoringSettings): ChartValues {
  const resources = monitoringResources;
  return {
    ...withoutControlPlane,
    kubelet: { serviceMonitor: { metricRelabelings: [withoutServer] } },
    prometheusOperator: {
      admissionWebhooks: { enabled: false },
      tls: { enabled: false },
      resources: resources.operator,
      prometheusConfigReloader: { resources: resources.reloader },
    },
    prometheus: prometheusValues(settings),
    alertmanager: alertmanagerValues(settings),
    grafana: grafanaValues(settings),
    "kube-state-metrics": { resources: resources.stateMetrics },
    "prometheus-node-exporter": {
      resources: resources.nodeExporter,
      containerSecurityContext: hardened,
      // Also on control planes and on nodes that are kept for some.
      tolerations: [{ operator: "Exists" }],
      ...(settings.exporterNetwork === "pods" && {
        hostNetwork: false,
        prometheus: { monitor: { metricRelabelings: [withoutPodNetwork], relabelings: [namedAfterNode] } },
      }),
    },
  };
}

/** In the network of the pods it would tell of its own traffic, and call it the node's. */
const withoutPodNetwork = {
  action: "drop",
  sourceLabels: ["__name__"],
  regex: "node_(arp|netstat|network|nf_conntrack|sockstat|udp)_.+",
} as const;

/** A pod's address says nothing of its node. */
const namedAfterNode = {
  sourceLabels: ["__meta_kubernetes_pod_node_name"],
  targetLabel: "instance",
} as const;

/** Inside k3s these are one process, which has no metrics of each; with them go their alerts, which would never be quiet. */
const withoutControlPlane = {
  kubeControllerManager: { enabled: false },
  kubeScheduler: { enabled: false },
  kubeProxy: { enabled: false },
  kubeEtcd: { enabled: false },
} as const;

/** On k3s' servers the kubelet tells of the whole process: figures that the API server has told already. */
const withoutServer = {
  action: "drop",
  sourceLabels: ["__name__"],
  regex: "(apiserver|apiextensions|aggregator|etcd|scheduler|workqueue)_.+",
} as const;

function prometheusValues({ options: { retention, size, storage } }: MonitoringSettings): ChartValues {
  const { replicas, resources } = monitoringScale(size).prometheus;
  return {
    ...(replicas > 1 && { podDisruptionBudget: { enabled: true } }),
    prometheusSpec: {
      replicas,
      resources: { ...resources },
      retention,
      retentionSize: retentionSize(storage),
      // Every monitor and rule of every namespace, not only the chart's own.
      serviceMonitorSelectorNilUsesHelmValues: false,
      podMonitorSelectorNilUsesHelmValues: false,
      probeSelectorNilUsesHelmValues: false,
      ruleSelectorNilUsesHelmValues: false,
      scrapeConfigSelectorNilUsesHelmValues: false,
      storageSpec: volume(storage),
    },
  };
}

/** In Prometheus' spelling: whole mebibytes. */
export function retentionSize(storage: MonitoringSettings["options"]["storage"]): string {
  return `${Math.floor((parseQuantity(storage) * usablePart) / 2 ** 20)}MiB`;
}

function alertmanagerValues({ alertmanager, options: { size } }: MonitoringSettings): ChartValues {
  const replicas = monitoringScale(size).alertmanagers;
  return {
    ...(replicas > 1 && { podDisruptionBudget: { enabled: true, minAvailable: replicas - 1 } }),
    alertmanagerSpec: {
      replicas,
      useExistingSecret: true,
      configSecret: alertmanager,
      resources: monitoringResources.alertmanager,
      storage: volume(monitoringVolumes.alertmanager),
    },
  };
}

/** A claim as the operator's kinds spell it, of the cluster's default storage class. */
function volume(size: MonitoringSettings["options"]["storage"]): ChartValues {
  return {
    volumeClaimTemplate: {
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: formatQuantity(parseQuantity(size)) } },
      },
    },
  };
}

function grafanaValues({ administrator, host, namespace }: MonitoringSettings): ChartValues {
  const { grafana, sidecar } = monitoringResources;
  return {
    admin: {
      existingSecret: administrator,
      userKey: administratorKeys.user,
      passwordKey: administratorKeys.password,
    },
    resources: grafana,
    env: {
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      ...(host !== undefined && { GF_SERVER_ROOT_URL: `https://${host}` }),
    },
    persistence: { enabled: true, size: monitoringVolumes.grafana },
    // The volume belongs to the pod's group already; the container would run as root.
    initChownData: { enabled: false },
    // One pod at a time can hold the volume.
    deploymentStrategy: { type: "Recreate" },
    testFramework: { enabled: false },
    // What Grafana shows lies beside it: it need not read the Secrets of the whole cluster.
    rbac: { namespaced: true },
    sidecar: { resources: sidecar, dashboards: { searchNamespace: namespace, resource: "configmap" } },
  };
}
