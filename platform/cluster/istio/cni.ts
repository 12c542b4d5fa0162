import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/kubernetes";
import { toApiServer } from "../../kit/api-server-access.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { networkAccess } from "../../kit/network-access.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import type { CniFolders } from "./options.ts";
import { cniResources } from "./rendering.ts";
import { createServiceAccount } from "../../kit/service-account.ts";

/** The agent's name: its plugin looks for a DaemonSet that is called so. */
export const cniName = "istio-cni-node";
const serviceAccountName = "istio-cni";

/** Where k3s has its own plugins, and their configuration. */
export const k3sFolders: CniFolders = {
  plugins: "/var/lib/rancher/k3s/data/cni",
  settings: "/var/lib/rancher/k3s/agent/etc/cni/net.d",
};

/** Where container runtimes look by default, as that of a k3s without a network of its own. */
export const commonFolders: CniFolders = { plugins: "/opt/cni/bin", settings: "/etc/cni/net.d" };

export interface IstioCniArgs {
  readonly metadata: (name: string, workload?: string) => ObjectMetadata;
  readonly image: string;
  readonly folders: CniFolders;
}

/**
 * Puts Istio's CNI plugin on every node, which redirects the traffic of a pod of the mesh to its proxy when the pod gets its network.
 * An agent's pod does by itself what a privileged container of every pod would have to do otherwise; it also mends pods that came up
 * before it.
 *
 * @returns the agents: a namespace joins the mesh when they are ready
 */
export function installCni(
  { folders, image, metadata }: IstioCniArgs,
  options: { readonly parent: pulumi.Resource },
): pulumi.Resource {
  const rights = createServiceAccount(
    serviceAccountName,
    { metadata: metadata(serviceAccountName), clusterRules: rules, automountToken: false },
    options,
  );
  const own = metadata(cniName, cniName);
  const selector = selectorLabels("istio", cniName);
  const edges = networkAccess(cniName, { metadata: own, selector, from: [], to: toApiServer }, options);
  return new kubernetes.apps.v1.DaemonSet(
    cniName,
    {
      metadata: own,
      spec: {
        selector: { matchLabels: selector },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
        template: cniPods(image, folders, own.labels),
      },
    },
    { ...options, dependsOn: [...rights, edges] },
  );
}

/** The agent looks for pods of its node that came up without their redirection, and says so. */
const rules = [
  { apiGroups: [""], resources: ["pods", "nodes", "namespaces"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

/** What the agent is told; with `REPAIR_REPAIR_PODS` it mends a pod in place, for which it needs no right to change pods. */
const settings = {
  AMBIENT_ENABLED: "false",
  CHAINED_CNI_PLUGIN: "true",
  EXCLUDE_NAMESPACES: "kube-system,istio-system",
  REPAIR_ENABLED: "true",
  REPAIR_REPAIR_PODS: "true",
  ALLOW_SWITCH_TO_HOST_NS: "true",
} as const;

const fields = {
  NODE_NAME: "spec.nodeName",
  REPAIR_NODE_NAME: "spec.nodeName",
  POD_NAME: "metadata.name",
  POD_NAMESPACE: "metadata.namespace",
} as const;

/** The agent's pod, on every node whatever its taints. */
export function cniPods(
  image: string,
  { plugins, settings: configuration }: CniFolders,
  labels: Readonly<Record<string, string>>,
): types.input.core.v1.PodTemplateSpec {
  const folders = {
    plugins: { path: plugins, mountPath: "/host/opt/cni/bin" },
    settings: { path: configuration, mountPath: "/host/etc/cni/net.d" },
    processes: { path: "/proc", mountPath: "/host/proc", readOnly: true },
    sockets: { path: "/var/run/istio-cni", mountPath: "/var/run/istio-cni", type: "DirectoryOrCreate" },
  };
  return {
    metadata: { labels: { ...labels, "sidecar.istio.io/inject": "false" } },
    spec: {
      serviceAccountName,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      priorityClassName: "system-node-critical",
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          ...agent(image),
          volumeMounts: Object.entries(folders).map(([name, { mountPath, ...folder }]) => ({
            name,
            mountPath,
            ...("readOnly" in folder && { readOnly: true }),
          })),
        },
      ],
      volumes: Object.entries(folders).map(([name, { path, ...folder }]) => ({
        name,
        hostPath: { path, type: "type" in folder ? folder.type : "Directory" },
      })),
    },
  };
}

/** Root, since the folders are root's, with the rights that entering other pods' networks takes and no other. */
function agent(image: string): types.input.core.v1.Container {
  const ask = (path: string) => ({ httpGet: { path, port: 8000 } });
  return {
    name: "install-cni",
    image,
    command: ["install-cni"],
    env: [
      ...Object.entries(settings).map(([name, value]) => ({ name, value })),
      ...Object.entries(fields).map(([name, fieldPath]) => ({
        name,
        valueFrom: { fieldRef: { fieldPath } },
      })),
    ],
    resources: cniResources,
    readinessProbe: { ...ask("/readyz"), periodSeconds: 5 },
    livenessProbe: { ...ask("/healthz"), periodSeconds: 10, failureThreshold: 6, initialDelaySeconds: 10 },
    securityContext: {
      privileged: false,
      runAsUser: 0,
      runAsGroup: 0,
      capabilities: {
        drop: ["ALL"],
        add: ["NET_ADMIN", "NET_RAW", "SYS_PTRACE", "SYS_ADMIN", "DAC_OVERRIDE"],
      },
      // Its profile would keep it out of other pods' networks.
      appArmorProfile: { type: "Unconfined" },
    },
  };
}
