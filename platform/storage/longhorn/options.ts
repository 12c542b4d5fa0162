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
  /** Snapshots of each volume that are kept, one a day, on the volume's own disks; 0 for none. @default 3 */
  snapshots: z
    .int()
    .min(0)
    .max(50)
    .default(3)
    .describe("the number of daily snapshots kept of each volume, from 0 to 50, for example 3"),
  /** Backups of each volume that are kept in `uap:backup.s3`, if that is set, one a day; 0 for none. @default 7 */
  backups: z
    .int()
    .min(0)
    .max(100)
    .default(7)
    .describe("the number of daily backups kept of each volume, from 0 to 100, for example 7"),
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
