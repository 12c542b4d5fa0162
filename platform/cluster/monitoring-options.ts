import type { z } from "zod";
import { durationSchema, quantitySchema } from "../../config/quantities.ts";
import { systemOptions } from "../../config/systems.ts";

/** `uap:platform.systems.monitoring`. */
export const monitoringOptions = systemOptions({
  /** How long Prometheus keeps what it has measured. @default "7d" */
  retention: durationSchema
    .default("7d")
    .describe("how long Prometheus keeps what it has measured, such as 7d"),
  /** Size of the volume of each Prometheus; when it is nearly full, the oldest goes first. @default "10Gi" */
  storage: quantitySchema
    .default("10Gi")
    .describe(
      "the size of the volume of each Prometheus, such as 10Gi; when it is nearly full, the oldest goes first",
    ),
});

export type MonitoringOptions = z.output<typeof monitoringOptions>;
