import type { Size } from "../../../config/systems.ts";
import type { ChartValues } from "../../kit/chart.ts";
import { istiodResources, istioReplicas, proxyResources } from "./rendering.ts";

/** The pods' ports. */
export const istioPorts = {
  /** Where proxies get their configuration and their certificates. */
  xds: 15012,
  webhooks: 15017,
  metrics: 15014,
  /** Where proxies tell what they measure, not encrypted and never intercepted. */
  proxyMetrics: 15090,
  gateway: 8080,
} as const;

/** What istiod calls the port of a proxy's metrics. */
export const proxyMetricsPort = "http-envoy-prom";

const seccompProfile = { type: "RuntimeDefault" } as const;

/**
 * Refuses objects that istiod cannot judge, from the beginning: the charts' own `Ignore` is changed by istiod as soon as it runs, and
 * would be fought over at every upgrade.
 */
const validation = { validationFailurePolicy: "Fail" } as const;

/** The configuration of the webhook that judges objects of Istio's kinds, by the chart `istio-base`. */
export const istioValidation = "istiod-default-validator";

/** Values of the chart `istio-base`: the definitions, and the webhook that judges objects of their kinds. */
export const istioBaseValues: ChartValues = { base: validation };

/**
 * Values of the chart `istiod`. With the CNI plugin no pod of the mesh needs a privileged container to redirect its traffic, so that
 * its namespace stays restricted; proxies are native sidecars where the cluster knows them, which start before and end after their pods'
 * other containers.
 */
export function istiodValues(size: Size): ChartValues {
  return {
    autoscaleEnabled: false,
    replicaCount: istioReplicas(size),
    resources: istiodResources[size],
    seccompProfile,
    base: validation,
    cni: { enabled: true },
    global: {
      imagePullPolicy: "IfNotPresent",
      proxy: { resources: proxyResources.sidecar, seccompProfile },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { app: "istiod" } },
      },
    ],
  };
}
