import { spawnSync } from "node:child_process";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { definitionSchema, type ChartFacts, type Definition } from "./facts-folder.ts";
import type { LockedChart } from "./lock.ts";

/** The Kubernetes version that charts are rendered for. */
const kubernetesVersion = "1.36.0";

/**
 * Runs Helm. @returns what it prints
 *
 * @throws Error with what Helm complains of, or when there is no Helm on PATH.
 */
export function helm(...words: readonly string[]): string {
  const { error, status, stderr, stdout } = spawnSync("helm", words, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error) {
    throw new Error(
      "`make charts` needs Helm 3.19 or newer on PATH: install it from https://helm.sh and run it again.",
    );
  }
  if (status !== 0) throw new Error(`helm ${words.slice(0, 3).join(" ")} failed:\n${stderr.trim()}`);
  return stdout;
}

/** The words by which Helm finds a pinned chart at its publisher's. */
export function referenceWords(name: string, { chart = name, repository, version }: LockedChart): string[] {
  return repository.startsWith("oci://")
    ? [repository, "--version", version]
    : [chart, "--repo", repository, "--version", version];
}

const containerSchema = z.looseObject({
  name: z.string(),
  image: z.string(),
  ports: z
    .array(
      z.looseObject({ name: z.string().optional(), containerPort: z.int(), protocol: z.string().optional() }),
    )
    .default([]),
  resources: z
    .looseObject({
      requests: z.record(z.string(), z.coerce.string()).optional(),
      limits: z.record(z.string(), z.coerce.string()).optional(),
    })
    .default({}),
  securityContext: z.looseObject({ privileged: z.boolean().optional() }).optional(),
});

const podSchema = z.looseObject({
  containers: z.array(containerSchema),
  initContainers: z.array(containerSchema).default([]),
  hostNetwork: z.boolean().optional(),
  serviceAccountName: z.string().optional(),
});

const claimSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    accessModes: z.array(z.string()).optional(),
    resources: z.looseObject({ requests: z.looseObject({ storage: z.coerce.string() }) }),
  }),
});

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    annotations: z.record(z.string(), z.unknown()).nullish(),
  }),
  spec: z.looseObject({}).default({}),
});
type RenderedObject = z.output<typeof objectSchema>;

const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"] as const;

/** What a chart's manifests, rendered by `helm template`, say of it: the same that a folder of facts says. */
export function factsOfManifests(
  text: string,
  about: Pick<ChartFacts, "name" | "version" | "appVersion" | "repository">,
): { readonly facts: ChartFacts; readonly definitions: readonly Definition[] } {
  const documents = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  const objects = documents
    .filter((document) => document !== null && document !== undefined)
    .map((document) => objectSchema.parse(document))
    .filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"] === undefined);
  const workloads = objects.flatMap(workloadOf);
  const images = workloads.flatMap(({ images: own }) => own);
  return {
    definitions: objects
      .filter(({ kind }) => kind === "CustomResourceDefinition")
      .map((object) => definitionSchema.parse(object))
      .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name)),
    facts: {
      ...about,
      images: [...new Set(images)].sort(),
      workloads: workloads.map(({ workload }) => workload),
      services: objects.filter(({ kind }) => kind === "Service").map(serviceOf),
      webhooks: objects
        .filter(({ kind }) => kind.endsWith("WebhookConfiguration"))
        .map(({ metadata }) => metadata.name),
      storage: objects.flatMap(claimsOf),
      templateOnlyKeys: [],
      freeFormKeys: [],
    },
  };
}

function workloadOf({
  kind,
  metadata,
  spec,
}: RenderedObject): { workload: ChartFacts["workloads"][number]; images: string[] }[] {
  const known = workloadKinds.find((candidate) => candidate === kind);
  if (known === undefined) return [];
  const job = known === "CronJob" ? at(spec, "jobTemplate", "spec") : spec;
  const pod = podSchema.parse(at(job, "template", "spec"));
  const all = [...pod.initContainers, ...pod.containers];
  return [
    {
      images: all.map(({ image }) => image),
      workload: {
        kind: known,
        name: metadata.name,
        replicas: z.int().optional().parse(spec.replicas),
        containers: pod.containers.map(({ image, name, ports, resources }) => ({
          name,
          image,
          ports,
          ...resources,
        })),
        hostNetwork: pod.hostNetwork ?? false,
        privileged: all.some(({ securityContext }) => securityContext?.privileged === true),
        serviceAccount: pod.serviceAccountName,
      },
    },
  ];
}

function serviceOf({ metadata, spec }: RenderedObject): ChartFacts["services"][number] {
  const { clusterIP, ports, type } = z
    .looseObject({
      type: z.enum(["ClusterIP", "LoadBalancer", "NodePort"]).default("ClusterIP"),
      clusterIP: z.string().optional(),
      ports: z
        .array(z.looseObject({ name: z.string().optional(), port: z.int(), protocol: z.string().optional() }))
        .default([]),
    })
    .parse(spec);
  return { name: metadata.name, type, headless: clusterIP === "None", namespace: metadata.namespace, ports };
}

function claimsOf(object: RenderedObject): ChartFacts["storage"] {
  const own = object.kind === "PersistentVolumeClaim" ? [object] : [];
  const templates =
    object.kind === "StatefulSet"
      ? z.array(z.unknown()).default([]).parse(object.spec.volumeClaimTemplates)
      : [];
  return [...own, ...templates].map((claim) => {
    const { metadata, spec } = claimSchema.parse(claim);
    return {
      name: metadata.name,
      size: spec.resources.requests.storage,
      ...(spec.accessModes && { accessModes: spec.accessModes }),
      ...(templates.length > 0 && { workload: object.metadata.name }),
    };
  });
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key],
    value,
  );
}

/** What Helm renders of a chart with its default values. */
export function renderChart(name: string, chart: LockedChart): ReturnType<typeof factsOfManifests> {
  const words = referenceWords(name, chart);
  const shown = z
    .looseObject({ appVersion: z.coerce.string().default("") })
    .parse(parseAllDocuments(helm("show", "chart", ...words))[0]?.toJS());
  const text = helm("template", name, ...words, "--include-crds", "--kube-version", kubernetesVersion);
  return factsOfManifests(text, {
    name,
    version: chart.version,
    appVersion: shown.appVersion,
    repository: chart.repository,
  });
}

/** Fetches a chart's package into a folder. */
export function pullChart(name: string, chart: LockedChart, folder: string): void {
  helm("pull", ...referenceWords(name, chart), "--destination", folder);
}
