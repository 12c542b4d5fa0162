import type { Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** What the controller may use: it decrypts a few Secrets now and then. */
export const sealedSecretsResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/** What the values make of the chart, whatever the size: one controller decrypts for all. */
export const sealedSecretsRendering: Rendering<"sealed-secrets"> = {
  workloads: { "Deployment/sealed-secrets": { containers: { controller: sealedSecretsResources } } },
};
