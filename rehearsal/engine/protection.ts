import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";

const deploymentSchema = z.looseObject({
  resources: z.array(z.looseObject({ protect: z.boolean().optional() })).default([]),
});

/**
 * Lifts the protection of every resource of the stack, as `pulumi state unprotect --all` does.
 *
 * @returns how many were protected
 */
export async function liftProtection(stack: Stack): Promise<number> {
  const exported = await stack.exportStack();
  const deployment = deploymentSchema.parse(exported.deployment);
  const guarded = deployment.resources.filter(({ protect }) => protect === true).length;
  if (guarded === 0) return 0;
  const resources = deployment.resources.map((resource) => ({ ...resource, protect: false }));
  await stack.importStack({ ...exported, deployment: { ...deployment, resources } });
  return guarded;
}
