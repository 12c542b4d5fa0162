import { stringify } from "yaml";

import type { ClusterNetwork } from "../../config/sections/cluster.ts";
import type { ClusterNode } from "../cluster-node.ts";
import type { AgentSettings, ServerSettings } from "./k3s-flags.ts";
import type { ClusterBootstrap, ClusterIdentity, NodeBootstrap, SnapshotStore } from "./node-bootstrap.ts";
import { serviceOf } from "./node-bootstrap.ts";
import { parseJoinToken } from "./token.ts";

/**
 * What a node keeps for itself, so that pods cannot starve it: k3s has no such default.
 * The threshold is the kubelet's own for memory; images are collected before a disk of 40 GB is full.
 */
const kubeletArguments = [
  "system-reserved=cpu=100m,memory=256Mi",
  "eviction-hard=memory.available<100Mi,nodefs.available<5%,imagefs.available<5%",
  "image-gc-high-threshold=80",
  "image-gc-low-threshold=70",
];

/** `/etc/rancher/k3s/config.yaml` of a node; secret. What only the booting machine can know is added there by the bootstrap script. */
export function k3sConfiguration(bootstrap: NodeBootstrap, identity: ClusterIdentity): string {
  const settings =
    serviceOf(bootstrap.node.role).command === "server"
      ? serverSettings(bootstrap, identity)
      : agentSettings(bootstrap, identity.agentToken);
  return stringify(settings, { lineWidth: 0 });
}

/** The settings of `k3s agent`, which a server has too. */
export function agentSettings({ cluster, node }: NodeBootstrap, token: string): AgentSettings {
  return {
    "node-name": node.name,
    token,
    ...(node.taints.length > 0 && { "node-taint": node.taints }),
    // Fails the start when sysctls are not as the kubelet wants them, instead of changing them behind our back.
    "protect-kernel-defaults": true,
    "kubelet-arg": [
      ...kubeletArguments,
      registeredLabels(node),
      // The node takes no pods until the cloud's controller knows it. Without k3s' own, k3s does not say so to the kubelet.
      ...(cluster.cloudController ? ["cloud-provider=external"] : []),
    ],
  };
}

/**
 * The labels with which the node registers, so that nothing is scheduled wrongly before it is marked (readiness/marking.ts). They are the
 * kubelet's: of k3s' own `node-label`, k3s sets them again whenever it starts, and with them those that were taken away since.
 */
function registeredLabels({ labels }: ClusterNode): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `node-labels=${pairs.sort().join(",")}`;
}

/** The settings of `k3s server`. */
export function serverSettings(bootstrap: NodeBootstrap, identity: ClusterIdentity): ServerSettings {
  const { cluster } = bootstrap;
  return {
    ...agentSettings(bootstrap, identity.serverToken),
    // Agents get a token of their own, which lets no control plane join. k3s wants its secret part alone here.
    "agent-token": parseJoinToken(identity.agentToken).secret,
    "tls-san": [cluster.apiHost],
    "cluster-cidr": cluster.podCidr,
    "service-cidr": cluster.serviceCidr,
    ...networkSettings(cluster.network),
    ...(cluster.disabled.length > 0 && { disable: [...cluster.disabled].sort() }),
    ...(cluster.cloudController && { "disable-cloud-controller": true }),
    "secrets-encryption": true,
    "write-kubeconfig-mode": "0600",
    "kube-apiserver-arg": ["profiling=false"],
    ...snapshotSettings(cluster.snapshots),
  };
}

function networkSettings(network: ClusterNetwork): ServerSettings {
  switch (network) {
    case "flannel":
      return { "flannel-backend": "vxlan" };
    case "wireguard":
      // Every node reaches every other one at its public address.
      return { "flannel-backend": "wireguard-native", "flannel-external-ip": true };
    case "kilo":
      // Kilo is the pod network; it is deployed when the API answers.
      return { "flannel-backend": "none" };
    default:
      return network satisfies never;
  }
}

function snapshotSettings({ schedule, retention, store }: ClusterBootstrap["snapshots"]): ServerSettings {
  return {
    "etcd-snapshot-schedule-cron": schedule,
    "etcd-snapshot-retention": retention,
    "etcd-snapshot-compress": true,
    ...(store && storeSettings(store)),
  };
}

function storeSettings(store: SnapshotStore): ServerSettings {
  return {
    "etcd-s3": true,
    "etcd-s3-endpoint": store.endpoint,
    ...(store.insecure && { "etcd-s3-insecure": true }),
    "etcd-s3-bucket": store.bucket,
    "etcd-s3-region": store.region,
    "etcd-s3-folder": store.folder,
    "etcd-s3-access-key": store.accessKey,
    "etcd-s3-secret-key": store.secretKey,
  };
}
