import { z } from "zod";
import { labelSchema } from "../../../config/names.ts";
import { durationSchema, quantitySchema } from "../../../config/quantities.ts";
import { systemOptions } from "../../../config/systems.ts";

/** `uap:platform.systems.influxdb`. */
export const influxdbOptions = systemOptions({
  /** Size of the volume that keeps the measurements. @default "5Gi" */
  storage: quantitySchema
    .default("5Gi")
    .describe("the size of the volume that keeps the measurements, such as 5Gi"),
  /** How long the first bucket keeps measurements; read when the database is set up, and never again. @default "30d" */
  retention: durationSchema
    .default("30d")
    .describe(
      "how long the first bucket keeps measurements, such as 30d; read once, when the database is set up",
    ),
  /** Namespaces whose programs may read and write, with a token. @default none */
  clients: z
    .array(labelSchema.describe("the name of a namespace"))
    .default([])
    .describe("a list of the namespaces whose programs may connect"),
});

export type InfluxdbOptions = z.output<typeof influxdbOptions>;
