import { z } from "zod";
import { durationSchema, quantitySchema } from "../../../config/quantities.ts";
import { systemOptions } from "../../../config/systems.ts";
import { alertReceiver } from "./alert-receivers.ts";

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
  /** Who is told of alerts. @default nobody: alerts are seen by whoever looks at Grafana */
  alerts: z
    .array(alertReceiver)
    .default([])
    .describe("a list of those who are told of alerts, each of the kind webhook, slack or email"),
});

export type MonitoringOptions = z.output<typeof monitoringOptions>;
