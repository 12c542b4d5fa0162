import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";

const deploymentSchema = z.looseObject({
  pending_operations: z.array(z.looseObject({ type: z.string() })).default([]),
});

const checkpointSchema = z.object({ checkpoint: z.object({ latest: deploymentSchema }) });

/**
 * Forgets the creations that an earlier, killed run began. To be called after an update has succeeded: what that run had made
 * without being able to note it down has been adopted by then, since every object bears the mark of its resource.
 *
 * @param state folder of the engine's state
 */
export async function forgetPendingCreations(stack: Stack, state: string): Promise<void> {
  if (!(await hasPendingCreations(stack, state))) return;
  const exported = await stack.exportStack();
  const deployment = deploymentSchema.parse(exported.deployment);
  const left = deployment.pending_operations.filter(({ type }) => type !== "creating");
  await stack.importStack({ ...exported, deployment: { ...deployment, pending_operations: left } });
}

/** Looks into the state's file: asking the engine would cost every update half a second. */
async function hasPendingCreations(stack: Stack, state: string): Promise<boolean> {
  const file = join(state, ".pulumi", "stacks", "uap", `${stack.name}.json`);
  const { checkpoint } = checkpointSchema.parse(JSON.parse(await readFile(file, "utf8")));
  return checkpoint.latest.pending_operations.some(({ type }) => type === "creating");
}
