import { formatQuantity, parseQuantity, type Quantity } from "../../../config/quantities.ts";
import type { Budget, Size } from "../../../config/systems.ts";
import { addedContainer, addedWorkload } from "../../charts/added-workload.ts";
import { imageOf } from "../../charts/lock.ts";
import { chartBudget, sumOfBudgets, type Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** Prometheus needs about 3 KiB for each series at work, and a cluster of some nodes has some hundred thousand. */
const prometheusResources = {
  small: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "1", memory: "1536Mi" } },
  medium: { requests: { cpu: "250m", memory: "1Gi" }, limits: { cpu: "2", memory: "3Gi" } },
  large: { requests: { cpu: "500m", memory: "2Gi" }, limits: { cpu: "4", memory: "6Gi" } },
} as const satisfies Record<Size, Resources>;

/** What each other container of the stack may use. */
export const monitoringResources = {
  alertmanager: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "100m", memory: "128Mi" } },
  reloader: { requests: { cpu: "10m", memory: "24Mi" }, limits: { cpu: "50m", memory: "64Mi" } },
  operator: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "200m", memory: "256Mi" } },
  stateMetrics: { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "200m", memory: "256Mi" } },
  nodeExporter: { requests: { cpu: "10m", memory: "24Mi" }, limits: { cpu: "100m", memory: "96Mi" } },
  grafana: { requests: { cpu: "50m", memory: "192Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  sidecar: { requests: { cpu: "10m", memory: "80Mi" }, limits: { cpu: "100m", memory: "160Mi" } },
} as const satisfies Record<string, Resources>;

/** Volumes beside that of Prometheus: silences, and the dashboards that people make. */
export const monitoringVolumes = { alertmanager: "1Gi", grafana: "1Gi" } as const satisfies Record<
  string,
  Quantity
>;

/**
 * Whose network node-exporter is in: its node's, whose traffic it measures then, or that of the pods, which reaches every node where the
 * nodes' private addresses do not.
 */
export type ExporterNetwork = "node" | "pods";

/** What the sizes differ in. */
export function monitoringScale(size: Size): {
  readonly prometheus: { readonly replicas: number; readonly resources: Resources };
  readonly alertmanagers: number;
} {
  return {
    prometheus: { replicas: size === "large" ? 2 : 1, resources: prometheusResources[size] },
    alertmanagers: size === "small" ? 1 : 3,
  };
}

/**
 * What monitoring's values make of its chart, and what the operator makes of them.
 *
 * @param exporterNetwork whose network node-exporter is in
 */
export function monitoringRendering(
  size: Size,
  exporterNetwork: ExporterNetwork = "node",
): Rendering<"kube-prometheus-stack"> {
  const { alertmanagers, prometheus } = monitoringScale(size);
  const { alertmanager, grafana, nodeExporter, operator, reloader, sidecar, stateMetrics } =
    monitoringResources;
  const reloaderImage = pinned("prometheus-operator/prometheus-config-reloader");
  return {
    workloads: {
      "DaemonSet/kube-prometheus-stack-prometheus-node-exporter": {
        containers: { "node-exporter": nodeExporter },
        ...(exporterNetwork === "pods" && { hostNetwork: false }),
      },
      "Deployment/kube-prometheus-stack-grafana": {
        containers: { "grafana-sc-dashboard": sidecar, "grafana-sc-datasources": sidecar, grafana },
      },
      "Deployment/kube-prometheus-stack-kube-state-metrics": {
        containers: { "kube-state-metrics": stateMetrics },
      },
      "Deployment/kube-prometheus-stack-operator": { containers: { "kube-prometheus-stack": operator } },
    },
    added: [
      addedWorkload({
        kind: "StatefulSet",
        name: "prometheus-kube-prometheus-stack-prometheus",
        replicas: prometheus.replicas,
        containers: [
          addedContainer("prometheus", pinned("prometheus/prometheus"), prometheus.resources, [
            { containerPort: 9090 },
          ]),
          addedContainer("config-reloader", reloaderImage, reloader, [{ containerPort: 8080 }]),
        ],
      }),
      addedWorkload({
        kind: "StatefulSet",
        name: "alertmanager-kube-prometheus-stack-alertmanager",
        replicas: alertmanagers,
        containers: [
          addedContainer("alertmanager", pinned("prometheus/alertmanager"), alertmanager, [
            { containerPort: 9093 },
          ]),
          addedContainer("config-reloader", reloaderImage, reloader, [{ containerPort: 8080 }]),
        ],
      }),
    ],
  };
}

/** What monitoring asks of the cluster. @param storage of each Prometheus */
export function monitoringBudget(size: Size, storage: Quantity): Budget {
  const { alertmanagers, prometheus } = monitoringScale(size);
  const volumes =
    prometheus.replicas * parseQuantity(storage) +
    alertmanagers * parseQuantity(monitoringVolumes.alertmanager) +
    parseQuantity(monitoringVolumes.grafana);
  return sumOfBudgets(chartBudget("kube-prometheus-stack", monitoringRendering(size)), {
    cpu: "0",
    memory: "0Ki",
    storage: formatQuantity(volumes),
  });
}

const pinned = (repository: string) => imageOf("kube-prometheus-stack", repository);
