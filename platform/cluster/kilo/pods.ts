import type { types } from "@pulumi/kubernetes";
import { kiloPort } from "../../../infra/bootstrap/firewall-rules.ts";
import { kiloArguments } from "../../../infra/bootstrap/kilo.ts";
import type { Resources } from "../../kit/container.ts";
import { kubeletKubeconfig } from "./files.ts";
import { hardened } from "../../kit/security.ts";

/** What the agent may use on every node; its work is to watch nodes and set routes. */
export const kiloResources = {
  requests: { cpu: "20m", memory: "48Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

type Volumes = Readonly<Record<string, Omit<types.input.core.v1.Volume, "name">>>;

const volumes: Volumes = {
  files: { configMap: { name: "kilo" } },
  kubeconfig: { emptyDir: {} },
  kubelet: { hostPath: { path: kubeletKubeconfig, type: "File" } },
  plugins: { hostPath: { path: "/opt/cni/bin", type: "DirectoryOrCreate" } },
  "plugin-configuration": { hostPath: { path: "/etc/cni/net.d", type: "DirectoryOrCreate" } },
  // The node's WireGuard key.
  keys: { hostPath: { path: "/var/lib/kilo", type: "DirectoryOrCreate" } },
  modules: { hostPath: { path: "/lib/modules", type: "Directory" } },
  "iptables-lock": { hostPath: { path: "/run/xtables.lock", type: "FileOrCreate" } },
};

export interface KiloPodsArgs {
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Range of the mesh's WireGuard addresses. */
  readonly meshCidr: string;
  /** Checksum of the files that the pod reads at start. */
  readonly checksum: string;
}

/** The pod of Kilo's agent: in the node's own network, before there is any other, on every node whatever its taints. */
export function kiloPods(args: KiloPodsArgs): types.input.core.v1.PodTemplateSpec {
  const { checksum, image, labels, meshCidr } = args;
  return {
    metadata: { labels: { ...labels }, annotations: { "uap.dev/checksum": checksum } },
    spec: {
      serviceAccountName: "kilo",
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      hostNetwork: true,
      priorityClassName: "system-node-critical",
      tolerations: [{ operator: "Exists" }],
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      initContainers: [
        writer("kubeconfig", image, [
          { name: "kubeconfig", mountPath: "/etc/kubernetes" },
          { name: "kubelet", mountPath: kubeletKubeconfig, readOnly: true },
        ]),
        writer("plugins", image, [
          { name: "plugins", mountPath: "/host/opt/cni/bin" },
          { name: "plugin-configuration", mountPath: "/host/etc/cni/net.d" },
        ]),
      ],
      containers: [agent(image, meshCidr)],
      volumes: Object.entries(volumes).map(([name, volume]) => ({ name, ...volume })),
    },
  };
}

/** Runs one of the scripts as root, which owns the node's folders, and with no other right. */
function writer(
  name: string,
  image: string,
  mounts: types.input.core.v1.VolumeMount[],
): types.input.core.v1.Container {
  return {
    name,
    image,
    command: ["/bin/sh", `/kilo/${name}.sh`],
    resources: kiloResources,
    volumeMounts: [{ name: "files", mountPath: "/kilo", readOnly: true }, ...mounts],
    securityContext: hardened,
  };
}

/** The agent: privileged, since it makes network interfaces, routes and firewall rules of the node. */
function agent(image: string, meshCidr: string): types.input.core.v1.Container {
  const check = { httpGet: { path: "/health", port: kiloPort } };
  return {
    name: "kilo",
    image,
    args: kiloArguments(meshCidr),
    env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
    ports: [{ name: "metrics", containerPort: kiloPort, protocol: "TCP" }],
    resources: kiloResources,
    readinessProbe: { ...check, periodSeconds: 5 },
    livenessProbe: { ...check, periodSeconds: 10, failureThreshold: 6, initialDelaySeconds: 10 },
    volumeMounts: [
      { name: "kubeconfig", mountPath: "/etc/kubernetes", readOnly: true },
      { name: "plugin-configuration", mountPath: "/etc/cni/net.d" },
      { name: "keys", mountPath: "/var/lib/kilo" },
      { name: "modules", mountPath: "/lib/modules", readOnly: true },
      { name: "iptables-lock", mountPath: "/run/xtables.lock" },
    ],
    securityContext: { privileged: true },
  };
}
