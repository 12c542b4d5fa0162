import type { Size } from "../../../config/systems.ts";
import type { Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** What cert-manager's parts may use. The chart has no figures; caches grow with the cluster's Secrets. */
export const certManagerResources = {
  controller: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
  webhook: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "250m", memory: "128Mi" } },
  injector: { requests: { cpu: "20m", memory: "96Mi" }, limits: { cpu: "500m", memory: "384Mi" } },
} as const satisfies Record<string, Resources>;

/** Pods of each part; of controller and injector one leads and the others stand by. */
export function certManagerReplicas(size: Size): number {
  return size === "small" ? 1 : 2;
}

/** What cert-manager's values make of its chart. */
export function certManagerRendering(size: Size): Rendering<"cert-manager"> {
  const replicas = certManagerReplicas(size);
  const { controller, injector, webhook } = certManagerResources;
  return {
    workloads: {
      "Deployment/cert-manager": { replicas, containers: { "cert-manager-controller": controller } },
      "Deployment/cert-manager-cainjector": { replicas, containers: { "cert-manager-cainjector": injector } },
      "Deployment/cert-manager-webhook": { replicas, containers: { "cert-manager-webhook": webhook } },
    },
  };
}
