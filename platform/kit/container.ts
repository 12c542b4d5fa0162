import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CpuQuantity, Quantity } from "../../config/quantities.ts";
import { hardened, nonRoot, unprivileged } from "./security.ts";

/** What one container may use: requests decide where it is scheduled, limits where it is stopped. */
export interface Resources {
  readonly requests: { readonly cpu: CpuQuantity; readonly memory: Quantity };
  readonly limits: { readonly cpu: CpuQuantity; readonly memory: Quantity };
}

/** What a container gets from its namespace that says nothing: small on purpose, so that a forgotten budget shows soon. */
export const containerDefaults = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/** A container by the house rules: what is not named here is decided by {@link hardenedContainer}. */
export interface ContainerArgs {
  readonly name: string;
  /** Image with a pinned tag. */
  readonly image: string;
  readonly resources: Resources;
  /** Named ports. @default none */
  readonly ports?: Readonly<Record<string, number>>;
  /** Non-secret settings; secrets come by `secretKeyRef` or as files. @default none */
  readonly env?: types.input.core.v1.EnvVar[];
  readonly mounts?: types.input.core.v1.VolumeMount[];
  readonly command?: string[];
  readonly args?: string[];
  /** @default none, for what comes to an end by itself */
  readonly probes?: Probes;
  readonly lifecycle?: types.input.core.v1.Lifecycle;
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
  const { mounts, ports, probes, readOnlyRoot = true, ...container } = args;
  return {
    ...container,
    ...(ports && {
      ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort, protocol: "TCP" })),
    }),
    ...(mounts && { volumeMounts: mounts }),
    ...(probes?.startup && { startupProbe: probes.startup }),
    ...(probes && { readinessProbe: probes.readiness, livenessProbe: probes.liveness }),
    securityContext: readOnlyRoot ? hardened : unprivileged,
  };
}

/** The pod around hardened containers: what all workloads of the platform have in common. */
export interface PodArgs {
  readonly labels: Readonly<Record<string, string>>;
  /** Labels of the pods that are spread over the nodes. @default they are not spread, for what comes to an end */
  readonly selector?: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerArgs[];
  /** User and group that the processes run as; the group also owns the volumes. */
  readonly user: number;
  readonly volumes?: types.input.core.v1.Volume[];
  /** Checksum of what the pod reads at start; the pod restarts when it changes. @default none */
  readonly checksum?: pulumi.Input<string>;
  /** Account by which the pod speaks to the API server. @default none, and no token */
  readonly serviceAccount?: pulumi.Input<string>;
  /** Of a Job's pod, which comes to an end. @default it is started again whenever it ends */
  readonly restartPolicy?: "Never" | "OnFailure";
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
      automountServiceAccountToken: args.serviceAccount !== undefined,
      ...(args.serviceAccount !== undefined && { serviceAccountName: args.serviceAccount }),
      ...(args.restartPolicy && { restartPolicy: args.restartPolicy }),
      enableServiceLinks: false,
      terminationGracePeriodSeconds: args.terminationGracePeriodSeconds ?? 30,
      securityContext: {
        ...nonRoot(args.user),
        fsGroup: args.user,
        fsGroupChangePolicy: "OnRootMismatch",
      },
      ...(args.selector && {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { ...args.selector } },
          },
        ],
      }),
      containers: args.containers.map(hardenedContainer),
      ...(args.volumes && { volumes: args.volumes }),
    },
  };
}
