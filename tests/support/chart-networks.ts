import { cephDashboardPort } from "../../platform/storage/rook-ceph/cluster.ts";
import type { ChartName } from "../../platform/charts/lock.ts";
import type { Labels, Protocol } from "./network-policies.ts";

/** One call among the pods of a chart: who, whom, on which port. */
type Call = readonly [caller: string, called: string, port: number, protocol?: Protocol];

/**
 * What a chart's templates and its operator say of the network and its recorded facts do not, under the values that the platform sets.
 * Workloads by name.
 */
export interface ChartNetwork {
  /** Labels of pods, as far as a policy, a monitor or a Service of the platform names them. */
  readonly labels?: Readonly<Record<string, Labels>>;
  /** Ports that values open or rename, by workload and name, in place of the recorded ones. Tests hold names and numbers against the records. */
  readonly ports?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Services whose pods do not follow from their names, or that an operator makes. */
  readonly services?: Readonly<Record<string, ServiceNetwork>>;
  readonly calls?: readonly Call[];
  /** What the API server calls: webhooks, aggregated APIs, what people reach through it. */
  readonly fromApiServer?: Readonly<Record<string, number>>;
  /** What nodes call, as when they mount volumes. */
  readonly fromNodes?: Readonly<Record<string, readonly number[]>>;
  /** Workloads that values put into their nodes' network. */
  readonly onNodes?: readonly string[];
  /** What is called beside the API server that is no pod: kubelets, storage servers, a cloud's metadata. */
  readonly toMachines?: Readonly<Record<string, readonly number[]>>;
  /** Workloads that ask nothing of the API server; `all` when none does. */
  readonly withoutApi?: "all" | readonly string[];
}

interface ServiceNetwork {
  readonly labels?: Labels;
  readonly workload: string;
  /** Service ports of a Service that is not recorded, or pods' ports where they are not of the same name. */
  readonly ports?: Readonly<Record<string, { readonly port: number; readonly target: number }>>;
}

const grafana = "kube-prometheus-stack-grafana";
const prometheus = "prometheus-kube-prometheus-stack-prometheus";
const alertmanager = "alertmanager-kube-prometheus-stack-alertmanager";
const prometheusOperator = "kube-prometheus-stack-operator";
const nodeExporter = "kube-prometheus-stack-prometheus-node-exporter";
const stateMetrics = "kube-prometheus-stack-kube-state-metrics";
const seaweedfs = ["master", "volume", "filer"] as const;
const seaweedfsPorts = {
  master: [9333, 19333],
  volume: [8080, 18080],
  filer: [8888, 18888],
} as const;

/** What is known of the charts' networks. */
export const chartNetworks: Readonly<Partial<Record<ChartName, ChartNetwork>>> = {
  "cert-manager": { fromApiServer: { "cert-manager-webhook": 10250 } },
  "csi-driver-nfs": {},
  "fluent-bit": {},
  "hcloud-csi": { onNodes: ["hcloud-csi-node"] },
  istiod: { fromApiServer: { istiod: 15017 } },
  jaeger: { withoutApi: "all" },
  keda: {
    labels: { "keda-operator": { app: "keda-operator" } },
    ports: { "keda-operator": { metricsservice: 9666, metrics: 8080 } },
    calls: [["keda-operator-metrics-apiserver", "keda-operator", 9666]],
    fromApiServer: { "keda-admission-webhooks": 9443, "keda-operator-metrics-apiserver": 6443 },
  },
  "kube-prometheus-stack": {
    labels: {
      [grafana]: { "app.kubernetes.io/name": "grafana" },
      [prometheus]: { "app.kubernetes.io/name": "prometheus" },
      [alertmanager]: { "app.kubernetes.io/name": "alertmanager" },
    },
    ports: {
      [prometheus]: { "http-web": 9090, "reloader-web": 8080 },
      [alertmanager]: { "http-web": 9093, "reloader-web": 8080, "mesh-tcp": 9094 },
      [prometheusOperator]: { http: 8080 },
      [stateMetrics]: { http: 8080 },
    },
    services: {
      [grafana]: { workload: grafana, ports: { "http-web": { port: 80, target: 3000 } } },
      "kube-prometheus-stack-prometheus": { workload: prometheus },
      "kube-prometheus-stack-alertmanager": { workload: alertmanager },
    },
    calls: [
      // The chart's own monitors.
      ...[grafana, prometheus, alertmanager, prometheusOperator, stateMetrics].map((called): Call => [
        prometheus,
        called,
        metricsPort(called),
      ]),
      ...[prometheus, alertmanager].map((called): Call => [prometheus, called, 8080]),
      [prometheus, nodeExporter, 9100],
      [prometheus, "kube-dns", 9153],
      [grafana, prometheus, 9090],
      [grafana, alertmanager, 9093],
      // Alertmanagers agree on who tells whom.
      [alertmanager, alertmanager, 9094, "TCP"],
      [alertmanager, alertmanager, 9094, "UDP"],
    ],
    // Kubelets.
    toMachines: { [prometheus]: [10250] },
    withoutApi: [alertmanager],
  },
  longhorn: {
    labels: {
      "longhorn-ui": { app: "longhorn-ui" },
      "longhorn-manager": { app: "longhorn-manager" },
    },
    services: {
      "longhorn-backend": { workload: "longhorn-manager", labels: { app: "longhorn-manager" } },
      "longhorn-frontend": { workload: "longhorn-ui" },
      "longhorn-admission-webhook": { workload: "longhorn-manager" },
      "longhorn-recovery-backend": { workload: "longhorn-manager" },
    },
    calls: [
      ["longhorn-ui", "longhorn-manager", 9500],
      ["longhorn-driver-deployer", "longhorn-manager", 9500],
      ["longhorn-csi-plugin", "longhorn-manager", 9500],
      ["longhorn-manager", "instance-manager", 8501],
      ["instance-manager", "instance-manager", 10000],
    ],
    fromApiServer: { "longhorn-manager": 9502 },
    // NFS of shared volumes, whose pods Longhorn makes with each volume.
    fromNodes: { "instance-manager": [2049] },
    withoutApi: ["longhorn-ui", "engine-image", "instance-manager"],
  },
  "nvidia-device-plugin": { withoutApi: "all" },
  openbao: {
    services: {
      "openbao-active": {
        workload: "openbao",
        labels: { "app.kubernetes.io/instance": "openbao", "openbao-active": "true" },
        ports: { https: { port: 8200, target: 8200 } },
      },
    },
    calls: [
      ["openbao", "openbao", 8200],
      ["openbao", "openbao", 8201],
    ],
  },
  "rook-ceph": {
    labels: {
      "rook-ceph-mgr": { app: "rook-ceph-mgr", mgr_role: "active" },
      "rook-ceph-exporter": { app: "rook-ceph-exporter" },
    },
    ports: {
      "rook-ceph-mgr": { "http-metrics": 9283, dashboard: cephDashboardPort },
      "rook-ceph-exporter": { "ceph-exporter-http-metrics": 9926 },
      "rook-ceph-mon": { "tcp-msgr1": 6789, "tcp-msgr2": 3300 },
      "rook-ceph-osd": { osd: 6800 },
      "rook-ceph-mds": { mds: 6801 },
    },
    services: {
      "rook-ceph-mgr": {
        workload: "rook-ceph-mgr",
        labels: { app: "rook-ceph-mgr" },
        ports: { "http-metrics": { port: 9283, target: 9283 } },
      },
      "rook-ceph-exporter": {
        workload: "rook-ceph-exporter",
        labels: { app: "rook-ceph-exporter" },
        ports: { "ceph-exporter-http-metrics": { port: 9926, target: 9926 } },
      },
    },
    calls: ["rook-ceph-operator", "rook-ceph-mon", "rook-ceph-mgr", "rook-ceph-osd", "rook-ceph-mds"].flatMap(
      (caller): Call[] => [
        [caller, "rook-ceph-mon", 3300],
        [caller, "rook-ceph-mon", 6789],
        [caller, "rook-ceph-mgr", 6800],
        [caller, "rook-ceph-osd", 6800],
        [caller, "rook-ceph-mds", 6801],
      ],
    ),
    // Nodes' kernels mount volumes from Ceph itself.
    fromNodes: {
      "rook-ceph-mon": [3300, 6789],
      "rook-ceph-osd": [6800],
      "rook-ceph-mds": [6801],
    },
    withoutApi: ["rook-ceph-mon", "rook-ceph-osd", "rook-ceph-mds", "rook-ceph-exporter"],
  },
  "ceph-csi-drivers": {
    calls: ["rook-ceph.rbd.csi.ceph.com", "rook-ceph.cephfs.csi.ceph.com"].flatMap((driver): Call[] =>
      ["ctrlplugin", "nodeplugin"].flatMap((part): Call[] => [
        [`${driver}-${part}`, "rook-ceph-mon", 3300],
        [`${driver}-${part}`, "rook-ceph-osd", 6800],
      ]),
    ),
  },
  "sealed-secrets": {
    services: {
      "sealed-secrets-metrics": {
        workload: "sealed-secrets",
        labels: { "app.kubernetes.io/instance": "sealed-secrets", "app.kubernetes.io/component": "metrics" },
      },
    },
    // `kubeseal` asks for the certificate through the API server.
    fromApiServer: { "sealed-secrets": 8080 },
  },
  seaweedfs: {
    labels: Object.fromEntries(
      seaweedfs.map((part) => [
        `seaweedfs-${part}`,
        { "app.kubernetes.io/name": "seaweedfs", "app.kubernetes.io/component": part },
      ]),
    ),
    calls: [...seaweedfs.map((part) => `seaweedfs-${part}`), "minio"].flatMap((caller) =>
      seaweedfs.flatMap((part) =>
        seaweedfsPorts[part].map((port): Call => [caller, `seaweedfs-${part}`, port]),
      ),
    ),
    withoutApi: "all",
  },
  telegraf: { toMachines: { telegraf: [10250] } },
  traefik: {},
  velero: {},
  zabbix: {
    calls: [
      ["zabbix-zabbix-server", "zabbix-postgresql", 5432],
      ["zabbix-zabbix-web", "zabbix-postgresql", 5432],
      ["zabbix-zabbix-web", "zabbix-zabbix-server", 10051],
    ],
    // Agents, which are in their nodes' network.
    fromNodes: { "zabbix-zabbix-server": [10051] },
    withoutApi: "all",
  },
};

function metricsPort(workload: string): number {
  const ports: Readonly<Record<string, number>> = {
    [grafana]: 3000,
    [prometheus]: 9090,
    [alertmanager]: 9093,
  };
  return ports[workload] ?? 8080;
}
