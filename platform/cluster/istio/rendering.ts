import type { Budget, Size } from "../../../config/systems.ts";
import { chartBudget, sumOfBudgets, type Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** What istiod may use. The chart asks for 2 GiB, enough for a thousand proxies; what it needs grows with their number. */
export const istiodResources = {
  small: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  medium: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "2", memory: "2Gi" } },
  large: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "4", memory: "4Gi" } },
} as const satisfies Record<Size, Resources>;

/** What the gateway may use, and what each proxy beside a pod of the mesh may. */
export const proxyResources = {
  gateway: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "1", memory: "512Mi" } },
  sidecar: { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
} as const satisfies Record<string, Resources>;

/** What the CNI agent may use on every node. */
export const cniResources = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "256Mi" },
} as const satisfies Resources;

/** Pods of istiod and of the gateway. */
export function istioReplicas(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** What istiod's values make of its chart. */
export function istiodRendering(size: Size): Rendering<"istiod"> {
  const replicas = istioReplicas(size);
  return {
    workloads: { "Deployment/istiod": { replicas, containers: { discovery: istiodResources[size] } } },
  };
}

/** What Istio asks of the cluster, without the proxies of its members, which are their pods'. */
export function istioBudget(size: Size, gateway: boolean): Budget {
  const gateways = Array.from(
    { length: gateway ? istioReplicas(size) : 0 },
    () => proxyResources.gateway.requests,
  );
  return sumOfBudgets(chartBudget("istiod", istiodRendering(size)), ...gateways, {
    cpu: "0",
    memory: "0Ki",
    perNode: cniResources.requests,
  });
}
