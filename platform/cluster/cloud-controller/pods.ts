import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Resources } from "../../kit/container.ts";
import { configurationPath, type CloudProgram } from "./clouds.ts";
import { hardened, nonRoot } from "../../kit/security.ts";

/** What the controller may use; it looks at every node once in five minutes. */
export const cloudControllerResources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/** `nobody`: the controllers' images need no user of their own. */
const user = 65_534;
/** Where cloud controllers tell how they are, by their common default. */
const healthPort = 10_258;

export interface CloudControllerPodsArgs {
  readonly program: CloudProgram;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly account: string;
  /** ConfigMap with the program's configuration. */
  readonly files: string;
  /** Checksum of what the pod reads at start. */
  readonly checksum: pulumi.Input<string>;
}

/**
 * The controller's pod, on a control plane, on nodes that take no other pod yet, and in its node's network, which is there before all
 * others and from where AWS' metadata service tells the node's role.
 */
export function cloudControllerPods(args: CloudControllerPodsArgs): types.input.core.v1.PodTemplateSpec {
  const { account, checksum, files, image, labels, program } = args;
  const { configuration, ...settings } = program;
  const isConfigured = configuration !== undefined;
  return {
    metadata: { labels: { ...labels }, annotations: { "uap.dev/checksum": checksum } },
    spec: {
      serviceAccountName: account,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      hostNetwork: true,
      // The node's own resolver: the cluster's starts after the controller.
      dnsPolicy: "Default",
      priorityClassName: "system-cluster-critical",
      tolerations: [{ operator: "Exists" }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }] },
            ],
          },
        },
      },
      securityContext: {
        ...nonRoot(user),
      },
      containers: [
        {
          name: "cloud-controller",
          image,
          ...settings,
          resources: cloudControllerResources,
          ...probes,
          ...(isConfigured && {
            volumeMounts: [{ name: "files", mountPath: configurationPath.folder, readOnly: true }],
          }),
          securityContext: hardened,
        },
      ],
      ...(isConfigured && { volumes: [{ name: "files", configMap: { name: files } }] }),
    },
  };
}

const httpGet = { host: "127.0.0.1", path: "/healthz", port: healthPort, scheme: "HTTPS" };

const probes = {
  readinessProbe: { httpGet, periodSeconds: 5 },
  livenessProbe: {
    httpGet,
    initialDelaySeconds: 15,
    periodSeconds: 10,
    timeoutSeconds: 15,
    failureThreshold: 8,
  },
} as const;
