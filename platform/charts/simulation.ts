import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { LockedContainer, LockedDefinition, LockedService, LockedWorkload } from "./lock.ts";
import type { RenderedClaim } from "./rendering.ts";
import { hardened } from "../kit/security.ts";

type PodTemplate = types.input.core.v1.PodTemplateSpec;
type Metadata = types.input.meta.v1.ObjectMeta;

/** Every simulated object says so. */
export const simulatedMark = { "uap.dev/simulated": "true" } as const;

/** Labels that find the pods of one simulated workload, among them those that most charts give their pods. */
export function podLabels(release: string, workload: string): Record<string, string> {
  return { "app.kubernetes.io/name": workload, "app.kubernetes.io/instance": release };
}

/** Kubernetes' approval of definitions under its own names, which simulated ones have not sought. */
const unapproved = { "api-approved.kubernetes.io": "unapproved, simulated" };

/** A definition that takes any object of its kind. */
export function simulatedDefinition(
  name: string,
  labels: Metadata["labels"],
  { group, kind, plural, scope, singular, versions }: LockedDefinition,
): types.input.apiextensions.v1.CustomResourceDefinition {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    metadata: {
      name,
      ...(labels && { labels }),
      annotations: { ...simulatedMark, ...(/(^|\.)(k8s|kubernetes)\.io$/.test(group) && unapproved) },
    },
    spec: {
      group,
      names: { kind, plural, singular, listKind: `${kind}List` },
      scope,
      versions: versions.map((version) => ({ ...version, schema, subresources: { status: {} } })),
    },
  };
}

/**
 * Pods that look to the scheduler and to the policies like the chart's own, and do no work: the real ones get their permissions, settings
 * and volumes from Helm.
 */
export function simulatedPods(
  labels: Readonly<Record<string, string>>,
  workload: LockedWorkload,
  claims: readonly RenderedClaim[],
): PodTemplate {
  return {
    metadata: { labels: { ...labels }, annotations: simulatedMark },
    spec: {
      automountServiceAccountToken: false,
      ...((workload.kind === "Job" || workload.kind === "CronJob") && { restartPolicy: "Never" }),
      ...(workload.hostNetwork && { hostNetwork: true }),
      ...(!workload.privileged && {
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      }),
      containers: workload.containers.map((container) => simulatedContainer(container, workload)),
      ...(claims.length > 0 && {
        volumes: claims.map(({ name }) => ({ name, persistentVolumeClaim: { claimName: name } })),
      }),
    },
  };
}

function simulatedContainer(
  { name, image, limits, ports, requests }: LockedContainer,
  { privileged }: LockedWorkload,
): types.input.core.v1.Container {
  return {
    name,
    image,
    ports: ports.map((port) => ({ ...port, protocol: port.protocol ?? "TCP" })),
    resources: { requests: { ...requests }, limits: { ...limits } },
    securityContext: privileged ? { privileged: true } : hardened,
  };
}

/** What a chart's claim asks for. */
export function simulatedClaim({
  accessModes,
  size,
  storageClass,
}: RenderedClaim): types.input.core.v1.PersistentVolumeClaimSpec {
  return {
    accessModes: [...accessModes],
    resources: { requests: { storage: size } },
    ...(storageClass !== undefined && { storageClassName: storageClass }),
  };
}

/**
 * A Service of the chart. Facts do not tell which pods it selects: those of the workload that it is named after, else of the one whose name
 * it begins with, else none.
 */
export function simulatedService(
  name: string,
  service: LockedService,
  workloads: readonly LockedWorkload[],
  labelsOf: (workload: string) => Readonly<Record<string, string>>,
): types.input.core.v1.ServiceSpec {
  const owner = ownerOf(name, workloads);
  return {
    type: service.type,
    ...(service.headless && { clusterIP: "None" }),
    ...(owner && { selector: { ...labelsOf(owner.name) } }),
    ports: service.ports.map((port) => ({
      ...port,
      protocol: port.protocol ?? "TCP",
      targetPort: targetOf(port, owner),
    })),
  };
}

function ownerOf(service: string, workloads: readonly LockedWorkload[]): LockedWorkload | undefined {
  return workloads
    .filter(({ name }) => service === name || service.startsWith(`${name}-`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** The owner's port of the same name; the Service's own number where there is none. */
function targetOf(
  { name, port }: LockedService["ports"][number],
  owner: LockedWorkload | undefined,
): pulumi.Input<string | number> {
  const named = owner?.containers.flatMap(({ ports }) => ports).some((candidate) => candidate.name === name);
  return named && name !== undefined ? name : port;
}
