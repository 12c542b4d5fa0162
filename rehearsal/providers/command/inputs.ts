import { z } from "zod";

/** What a `local.Command` takes. */
export const commandSchema = z.object({
  create: z.string().optional(),
  update: z.string().optional(),
  delete: z.string().optional(),
  stdin: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
  dir: z.string().optional(),
  interpreter: z.array(z.string()).min(1).default(["/bin/sh", "-c"]),
  logging: z.enum(["stdout", "stderr", "stdoutAndStderr", "none"]).default("stdoutAndStderr"),
  triggers: z.array(z.unknown()).optional(),
  addPreviousOutputInEnv: z.boolean().default(true),
  assetPaths: z.array(z.string()).optional(),
  archivePaths: z.array(z.string()).optional(),
});

/** What the commands of a resource and a single run have in common. */
export type CommandInputs = Pick<
  z.output<typeof commandSchema>,
  "stdin" | "environment" | "dir" | "interpreter" | "logging" | "assetPaths" | "archivePaths"
>;
