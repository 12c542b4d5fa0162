import type { Size } from "../../../config/systems.ts";
import type { Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** What each of KEDA's containers may use: the chart's own figures, with limits that fit small nodes. */
export const kedaResources = {
  requests: { cpu: "100m", memory: "100Mi" },
  limits: { cpu: "1", memory: "512Mi" },
} as const satisfies Resources;

/** Pods of each of KEDA's parts; one leads, the others stand by. */
export function kedaReplicas(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** What KEDA's values make of its chart. */
export function kedaRendering(size: Size): Rendering<"keda"> {
  const replicas = kedaReplicas(size);
  const part = (name: string) => ({ replicas, containers: { [name]: kedaResources } });
  return {
    workloads: {
      "Deployment/keda-operator": part("keda-operator"),
      "Deployment/keda-operator-metrics-apiserver": part("keda-operator-metrics-apiserver"),
      "Deployment/keda-admission-webhooks": part("keda-admission-webhooks"),
    },
  };
}
