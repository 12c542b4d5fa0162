import { parseDuration, type Duration, type Quantity } from "../../../config/quantities.ts";
import type { Budget } from "../../../config/systems.ts";
import { chartBudget, sumOfBudgets, type Rendering } from "../../charts/rendering.ts";
import type { ChartValues } from "../../kit/chart.ts";
import { digestOf } from "../../kit/checksum.ts";
import type { Resources } from "../../kit/container.ts";
import { hardened } from "../../kit/security.ts";

/** Badger keeps its tables in memory; the limit leaves room for their merging. */
const jaegerResources = {
  requests: { cpu: "50m", memory: "192Mi" },
  limits: { cpu: "1", memory: "768Mi" },
} as const satisfies Resources;

/** The pod's ports. */
export const jaegerPorts = {
  otlpGrpc: 4317,
  otlpHttp: 4318,
  query: 16686,
  health: 13133,
  metrics: 8888,
} as const;

/** Where the pod keeps traces. */
const folder = "/badger";

/** What Jaeger's values make of its chart. */
export const jaegerRendering: Rendering<"jaeger"> = {
  workloads: { "Deployment/jaeger": { containers: { jaeger: jaegerResources } } },
};

/** What Jaeger asks of the cluster. */
export function jaegerBudget(storage: Quantity): Budget {
  return sumOfBudgets(chartBudget("jaeger", jaegerRendering), { cpu: "0", memory: "0Ki", storage });
}

/** Values of the chart `jaeger`. @param claim the claim of the volume that keeps the traces */
export function jaegerValues({
  claim,
  retention,
}: {
  readonly claim: string;
  readonly retention: Duration;
}): ChartValues {
  const configuration = jaegerConfiguration(retention);
  return {
    userconfig: configuration,
    jaeger: {
      // A file that is mounted by itself never changes in a pod that runs; the chart lets nobody annotate the pod.
      podLabels: { "uap.dev/checksum": digestOf([{ configuration: JSON.stringify(configuration) }]) },
      resources: jaegerResources,
      // It asks nothing of the cluster.
      serviceAccount: { automountServiceAccountToken: false },
      podSecurityContext: {
        runAsUser: 10001,
        runAsGroup: 10001,
        fsGroup: 10001,
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      },
      securityContext: hardened,
      extraVolumes: [{ name: "traces", persistentVolumeClaim: { claimName: claim } }],
      extraVolumeMounts: [{ name: "traces", mountPath: folder }],
    },
  };
}

/** Jaeger's configuration, an OpenTelemetry collector's: OTLP in, traces on disk, and one process that also answers questions. */
export function jaegerConfiguration(retention: Duration): ChartValues {
  const everywhere = (port: number) => ({ endpoint: `0.0.0.0:${port}` });
  return {
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: {
        traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["jaeger_storage_exporter"] },
      },
      telemetry: {
        resource: { "service.name": "jaeger" },
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: jaegerPorts.metrics } } } }],
        },
      },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: everywhere(jaegerPorts.health) },
      jaeger_query: { storage: { traces: "disk" }, http: everywhere(jaegerPorts.query) },
      jaeger_storage: {
        backends: {
          disk: {
            badger: {
              ephemeral: false,
              directories: { keys: `${folder}/keys`, values: `${folder}/values` },
              // Go knows no days.
              ttl: { spans: `${parseDuration(retention)}s` },
            },
          },
        },
      },
    },
    receivers: {
      otlp: {
        protocols: { grpc: everywhere(jaegerPorts.otlpGrpc), http: everywhere(jaegerPorts.otlpHttp) },
      },
    },
    processors: { batch: {} },
    exporters: { jaeger_storage_exporter: { trace_storage: "disk" } },
  };
}
