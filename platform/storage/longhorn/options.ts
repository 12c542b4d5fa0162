import { z } from "zod";
import { systemOptions } from "../../../config/systems.ts";

/** `uap:platform.systems.longhorn`. */
export const longhornOptions = systemOptions({
  /** Copies of each volume, each on a node of its own. @default as many as there are nodes, at most 3 */
  replicas: z
    .int()
    .min(1)
    .max(5)
    .optional()
    .describe("the number of copies of each volume, from 1 to 5, at most one a node"),
  /**
   * Prepares the end: Longhorn gives up all its volumes with their data, after which a destroy finds nothing to wait for. Set it, update
   * the stack, then destroy it or switch Longhorn off. @default false: either is refused
   */
  teardown: z
    .boolean()
    .default(false)
    .describe(
      "true to delete all volumes with their data, before the stack is destroyed or Longhorn switched off",
    ),
});

export type LonghornOptions = z.output<typeof longhornOptions>;
