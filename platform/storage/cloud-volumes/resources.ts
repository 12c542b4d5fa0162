import type { Size } from "../../../config/systems.ts";
import type { Resources } from "../../kit/container.ts";

/** A cloud's driver: it waits for the cloud's API most of the time. */
export const driverResources = {
  requests: { cpu: "20m", memory: "48Mi" },
  limits: { cpu: "200m", memory: "256Mi" },
} as const satisfies Resources;

/** Each container beside it. */
export const helperResources = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "100m", memory: "128Mi" },
} as const satisfies Resources;

/** Controllers: one leads, another stands by. */
export function controllerReplicas(size: Size): number {
  return size === "small" ? 1 : 2;
}
