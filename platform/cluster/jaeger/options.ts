import { z } from "zod";
import { labelSchema } from "../../../config/names.ts";
import { durationSchema, quantitySchema } from "../../../config/quantities.ts";
import { systemOptions } from "../../../config/systems.ts";

/** `uap:platform.systems.jaeger`. */
export const jaegerOptions = systemOptions({
  /** How long a trace is kept. @default "3d" */
  retention: durationSchema.default("3d").describe("how long a trace is kept, such as 3d"),
  /** Size of the volume that keeps the traces. @default "2Gi" */
  storage: quantitySchema
    .default("2Gi")
    .describe("the size of the volume that keeps the traces, such as 2Gi"),
  /** Namespaces whose programs may send traces, by OTLP. @default none */
  clients: z
    .array(labelSchema.describe("the name of a namespace"))
    .default([])
    .describe("a list of the namespaces whose programs may send traces"),
});

export type JaegerOptions = z.output<typeof jaegerOptions>;
