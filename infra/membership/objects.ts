/** The objects of Kubernetes that matter when a node leaves, as far as they do. */
import { z } from "zod";

export const nodeSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
    .prefault({}),
});
export type Node = z.output<typeof nodeSchema>;

export const nodeListSchema = z.object({ items: z.array(nodeSchema) });

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
    annotations: z.record(z.string(), z.string()).default({}),
    ownerReferences: z
      .array(z.object({ kind: z.string(), controller: z.boolean().default(false) }))
      .default([]),
  }),
  status: z.object({ phase: z.string().optional() }).prefault({}),
});
export type Pod = z.output<typeof podSchema>;

export const podListSchema = z.object({ items: z.array(podSchema) });

export function isReady({ status }: Node): boolean {
  return status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True");
}

/** Whether a pod has to run elsewhere when its node goes: not when it belongs to the node, and not when it is done. */
export function hasToMove({ metadata, status }: Pod): boolean {
  const isMirror = "kubernetes.io/config.mirror" in metadata.annotations;
  const isOfDaemonSet = metadata.ownerReferences.some(
    ({ kind, controller }) => controller && kind === "DaemonSet",
  );
  const isDone = status.phase === "Succeeded" || status.phase === "Failed";
  return !isMirror && !isOfDaemonSet && !isDone;
}
