import type { Quantity } from "../../../config/quantities.ts";
import type { Size } from "../../../config/systems.ts";
import type { Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** What a server may use. */
export const openbaoResources = {
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
} as const satisfies Resources;

/** What the Job that writes policies may use. */
export const policyWriterResources = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/** Raft needs a majority: one server, or three of which one may fail. */
export function openbaoReplicas(size: Size): number {
  return size === "small" ? 1 : 3;
}

/** What the values make of the chart. */
export function openbaoRendering(size: Size, storage: Quantity): Rendering<"openbao"> {
  return {
    workloads: {
      "Deployment/openbao-agent-injector": false,
      "StatefulSet/openbao": {
        replicas: openbaoReplicas(size),
        containers: { openbao: openbaoResources },
      },
    },
    claims: { "openbao/data": { size: storage } },
  };
}
