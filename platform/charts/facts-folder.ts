import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const amounts = z.record(z.string(), z.coerce.string()).nullish();
const port = z.looseObject({
  name: z.string().nullish(),
  port: z.int().optional(),
  containerPort: z.int().optional(),
  protocol: z.string().nullish(),
});

const factsSchema = z.looseObject({
  name: z.string(),
  chart: z.string().optional(),
  version: z.string(),
  appVersion: z.coerce.string(),
  repository: z.string(),
  images: z.array(z.string()),
  workloads: z.array(
    z.looseObject({
      kind: z.enum(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]),
      name: z.string(),
      replicas: z.int().nullish(),
      containers: z.array(
        z.looseObject({
          name: z.string(),
          image: z.string(),
          requests: amounts,
          limits: amounts,
          ports: z.array(port).nullish(),
        }),
      ),
      hostNetwork: z.boolean().nullish(),
      privileged: z.boolean().nullish(),
      serviceAccountName: z.string().nullish(),
      serviceAccount: z.string().nullish(),
      hook: z.unknown().optional(),
    }),
  ),
  services: z.array(
    z.looseObject({
      name: z.string(),
      type: z.enum(["ClusterIP", "LoadBalancer", "NodePort"]),
      ports: z.array(port),
      headless: z.boolean().nullish(),
      namespace: z.string().nullish(),
    }),
  ),
  webhooks: z.array(z.string()),
  storage: z.array(
    z.looseObject({
      name: z.string(),
      size: z.string(),
      accessModes: z.array(z.string()).optional(),
      workload: z.string().optional(),
    }),
  ),
  /** Value paths that templates read although the chart's values lack them. */
  templateOnlyKeys: z.array(z.string()).default([]),
  /** Value paths below which anything goes. */
  freeFormKeys: z.array(z.string()).default([]),
});

/** What a folder of facts says of one chart. */
export type ChartFacts = z.output<typeof factsSchema>;

/** A CustomResourceDefinition of a folder of facts, as far as it is read here. */
export const definitionSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string(), plural: z.string(), singular: z.string().optional() }),
    scope: z.enum(["Namespaced", "Cluster"]),
    versions: z.array(z.looseObject({ name: z.string(), served: z.boolean(), storage: z.boolean() })),
  }),
});
export type Definition = z.output<typeof definitionSchema>;

/** Names of the charts that a folder has facts on; what has no values is no chart, but a manifest or an image. */
export function chartsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "values.keys.json")))
    .sort();
}

/** The facts on one chart. */
export function readFacts(folder: string, name: string): ChartFacts {
  return factsSchema.parse(JSON.parse(readFileSync(join(folder, name, "facts.json"), "utf8")));
}

/** The chart's CustomResourceDefinitions, by name. */
export function readDefinitions(folder: string, name: string): Definition[] {
  const crds = join(folder, name, "crds");
  if (!existsSync(crds)) return [];
  return readdirSync(crds)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => definitionSchema.parse(parse(readFileSync(join(crds, file), "utf8"))));
}
