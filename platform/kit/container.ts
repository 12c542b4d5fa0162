import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CpuQuantity, Quantity } from "../../config/quantities.ts";

/** What one container may use: requests decide where it is scheduled, limits where it is stopped. */
export interface Resources {
  readonly requests: { readonly cpu: CpuQuantity; readonly memory: Quantity };
  readonly limits: { readonly cpu: CpuQuantity; readonly memory: Quantity };
}

/** A container by the house rules: what is not named here is decided by {@link hardenedContainer}. */
export interface ContainerArgs {
  readonly name: string;
  /** Image with a pinned tag. */
  readonly image: string;
  readonly resources: Resources;
  /** Named ports. */
  readonly ports: Readonly<Record<string, number>>;
  /** Non-secret settings; secrets come by `secretKeyRef` or as files. @default none */
  readonly env?: types.input.core.v1.EnvVar[];
  readonly mounts?: types.input.core.v1.VolumeMount[];
  readonly command?: string[];
  readonly args?: string[];
  readonly probes: Probes;
  /** False only for images that write beside their program. @default true */
  readonly readOnlyRoot?: boolean;
}

/** How the kubelet finds out whether the container started, lives and may receive traffic. */
export interface Probes {
  readonly startup?: types.input.core.v1.Probe;
  readonly readiness: types.input.core.v1.Probe;
  readonly liveness: types.input.core.v1.Probe;
}

/** The same check for readiness and, more patiently, for liveness. */
export function probeBoth(check: Pick<types.input.core.v1.Probe, "httpGet" | "tcpSocket" | "exec">): Probes {
  return {
    readiness: { ...check, periodSeconds: 5 },
    liveness: { ...check, periodSeconds: 10, failureThreshold: 6, initialDelaySeconds: 10 },
  };
}

/** Renders a container that runs without privileges: no escalation, no capabilities, read-only root. */
export function hardenedContainer(args: ContainerArgs): types.input.core.v1.Container {
  return {
    name: args.name,
    image: args.image,
    ...(args.command && { command: args.command }),
    ...(args.args && { args: args.args }),
    ...(args.env && { env: args.env }),
    ports: Object.entries(args.ports).map(([name, containerPort]) => ({
      name,
      containerPort,
      protocol: "TCP",
    })),
    resources: args.resources,
    ...(args.mounts && { volumeMounts: args.mounts }),
    ...(args.probes.startup && { startupProbe: args.probes.startup }),
    readinessProbe: args.probes.readiness,
    livenessProbe: args.probes.liveness,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: args.readOnlyRoot ?? true,
    },
  };
}

/** The pod around hardened containers: what all workloads of the platform have in common. */
export interface PodArgs {
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerArgs[];
  /** User and group that the processes run as; the group also owns the volumes. */
  readonly user: number;
  readonly volumes?: types.input.core.v1.Volume[];
  /** Checksum of what the pod reads at start; the pod restarts when it changes. @default none */
  readonly checksum?: pulumi.Input<string>;
  /** Seconds between the request to stop and the kill. @default 30 */
  readonly terminationGracePeriodSeconds?: number;
}

/** Renders the pod template: non-root, seccomp's default profile, no API token, spread over nodes. */
export function podTemplate(args: PodArgs): types.input.core.v1.PodTemplateSpec {
  return {
    metadata: {
      labels: { ...args.labels },
      ...(args.checksum !== undefined && { annotations: { "uap.dev/checksum": args.checksum } }),
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: args.terminationGracePeriodSeconds ?? 30,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: args.user,
        runAsGroup: args.user,
        fsGroup: args.user,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { ...args.selector } },
        },
      ],
      containers: args.containers.map(hardenedContainer),
      ...(args.volumes && { volumes: args.volumes }),
    },
  };
}
