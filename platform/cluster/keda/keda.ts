import type { Size } from "../../../config/systems.ts";
import { fromApiServer, toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../../kit/chart.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { dashboard, type Dashboard } from "../../kit/dashboard.ts";
import { podMonitor } from "../../kit/metrics.ts";
import { kedaRendering, kedaReplicas, kedaResources } from "./rendering.ts";

export interface KedaArgs {
  readonly place: ChartPlace;
  /** From one pod of each part to one that stands by. */
  readonly size: Size;
}

/** KEDA: starts and ends jobs and pods as their work comes and goes. Its namespace is its own. */
export class Keda extends ChartSystem {
  constructor(args: KedaArgs) {
    super({ name: "keda", layer: "cluster" }, args.place);
    this.install("keda", { values: kedaValues(args.size), rendering: kedaRendering(args.size) });
    this.openEdges({
      from: [
        fromApiServer(ports.metricsApi),
        fromApiServer(ports.webhooks),
        { peer: this.#itself, port: ports.operator },
      ],
      to: [...toApiServer, { peer: this.#itself, port: ports.operator }],
    });
    this.registerOutputs();
  }

  /** Has Prometheus ask the operator, which does the scaling. */
  watchBy(monitoring: ChartSystem): void {
    const metadata = this.metadata("keda");
    const port = { name: "metrics", number: ports.metrics };
    podMonitor("keda", { monitoring, metadata, selector: { app: "keda-operator" }, port }, { parent: this });
    dashboard("keda", { monitoring, metadata, dashboard: scaling }, { parent: this });
    alertRules("keda", { monitoring, metadata, alerts: [scalerErrors] }, { parent: this });
  }

  /** The metrics server asks the operator. */
  get #itself() {
    return { kind: "namespace", namespace: this.namespace } as const;
  }
}

/** The pods' ports, by the chart. */
const ports = { operator: 9666, metrics: 8080, metricsApi: 6443, webhooks: 9443 } as const;

/** Values of the chart `keda`. Its security contexts are the house's by default. */
export function kedaValues(size: Size): ChartValues {
  const replicaCount = kedaReplicas(size);
  const disruption = { maxUnavailable: 1 };
  return {
    image: { pullPolicy: "IfNotPresent" },
    operator: { replicaCount },
    prometheus: { operator: { enabled: true } },
    metricsServer: { replicaCount },
    webhooks: { replicaCount },
    resources: { operator: kedaResources, metricServer: kedaResources, webhooks: kedaResources },
    ...(replicaCount > 1 && {
      podDisruptionBudget: { operator: disruption, metricServer: disruption, webhooks: disruption },
    }),
  };
}

const scaling: Dashboard = {
  title: "KEDA",
  panels: [
    {
      title: "Scaler metric value",
      unit: "short",
      queries: {
        "{{exported_namespace}} {{scaledObject}} {{metric}}":
          "max by (exported_namespace, scaledObject, metric) (keda_scaler_metrics_value)",
      },
    },
    {
      title: "Active scalers",
      unit: "short",
      queries: {
        "{{exported_namespace}} {{scaledObject}}":
          "max by (exported_namespace, scaledObject) (keda_scaler_active)",
      },
    },
    {
      title: "Scaler latency",
      unit: "s",
      queries: { "{{scaler}}": "max by (scaler) (keda_scaler_metrics_latency_seconds)" },
    },
    {
      title: "Scaler errors",
      unit: "ops",
      queries: { "{{scaler}}": "sum by (scaler) (rate(keda_scaler_detail_errors_total[5m]))" },
    },
  ],
};

const scalerErrors: Alert = {
  name: "KedaScalerErrors",
  expression:
    "sum by (exported_namespace, scaledObject, scaler) (rate(keda_scaler_detail_errors_total[5m])) > 0",
  for: "15m",
  severity: "warning",
  summary:
    "KEDA cannot query {{ $labels.scaler }} for {{ $labels.exported_namespace }}/{{ $labels.scaledObject }}: the workload is not scaled.",
};
