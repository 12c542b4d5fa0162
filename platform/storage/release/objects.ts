/** The objects of Kubernetes that matter when volumes go, as far as they do. */
import { z } from "zod";

const metadata = z.object({
  name: z.string(),
  namespace: z.string(),
  deletionTimestamp: z.string().optional(),
});

const claimSchema = z.object({
  metadata,
  spec: z.object({ storageClassName: z.string().optional() }),
});
export type Claim = z.output<typeof claimSchema>;
export const claimListSchema = z.object({ items: z.array(claimSchema) });

const volumeSchema = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    storageClassName: z.string().optional(),
    persistentVolumeReclaimPolicy: z.string().optional(),
    claimRef: z.object({ name: z.string(), namespace: z.string() }).optional(),
  }),
  status: z.object({ message: z.string().optional() }).prefault({}),
});
export type Volume = z.output<typeof volumeSchema>;
export const volumeListSchema = z.object({ items: z.array(volumeSchema) });

const podSchema = z.object({
  metadata,
  spec: z.object({
    volumes: z
      .array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() }))
      .default([]),
  }),
  status: z.object({ phase: z.string().optional() }).prefault({}),
});
export type Pod = z.output<typeof podSchema>;
export const podListSchema = z.object({ items: z.array(podSchema) });

export const namespaceListSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});
