import path from "node:path";

import type { Address } from "./address.ts";

/** Addresses of Services, as k3s chooses them. */
export const serviceNetwork = "10.43.0.0/16";
/** The first Service, `kubernetes`, gets the first address. */
export const kubernetesServiceAddress = "10.43.0.1";
/** Addresses of pods, as k3s chooses them. */
const podNetwork = "10.42.0.0/16";

/** The annotation of nodes that KWOK keeps alive. Nodes without it may have a kubelet of their own. */
export const simulatedNode = { annotation: "kwok.x-k8s.io/node", value: "fake" } as const;

/** Relative to the cluster's folder, which is every process's working directory: paths of sockets must be short. */
export const files = {
  etcdData: "etcd",
  /** etcd insists on a port in its addresses, also when they are files. */
  etcdClients: "etcd.sock:0",
  etcdPeers: "etcd-peers.sock:0",
  pki: "pki",
  kubeconfig: "kubeconfig",
  logs: "logs",
} as const;

/** etcd alone with itself on sockets of the folder: nobody else may open them, and no port is taken. */
export function etcdArguments(): readonly string[] {
  const peers = `unix://${files.etcdPeers}`;
  const clients = `unix://${files.etcdClients}`;
  return [
    "--name=rehearsal",
    `--data-dir=${files.etcdData}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=rehearsal=${peers}`,
    // What is rehearsed need not survive a power cut, and syncing is most of what etcd waits for.
    "--unsafe-no-fsync",
    // A single member elects itself after one election timeout, in milliseconds.
    "--heartbeat-interval=10",
    "--election-timeout=100",
    "--log-level=warn",
  ];
}

export function apiServerArguments(address: Address): readonly string[] {
  const pki = (name: string) => `${files.pki}/${name}`;
  return [
    `--bind-address=${address.host}`,
    `--advertise-address=${address.host}`,
    `--secure-port=${address.port}`,
    `--etcd-servers=unix://${files.etcdClients}`,
    `--tls-cert-file=${pki("api-server.crt")}`,
    `--tls-private-key-file=${pki("api-server.key")}`,
    `--client-ca-file=${pki("client-authority.crt")}`,
    `--service-account-key-file=${pki("service-account.key")}`,
    `--service-account-signing-key-file=${pki("service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-cluster-ip-range=${serviceNetwork}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    // A loopback address is no valid endpoint.
    "--endpoint-reconciler-type=none",
    // One user need not be protected from the others.
    "--enable-priority-and-fairness=false",
    "--delete-collection-workers=8",
    "--profiling=false",
  ];
}

export function controllerManagerArguments(): readonly string[] {
  const pki = (name: string) => `${files.pki}/${name}`;
  return [
    `--kubeconfig=${files.kubeconfig}`,
    "--secure-port=0",
    "--leader-elect=false",
    `--root-ca-file=${pki("server-authority.crt")}`,
    `--service-account-private-key-file=${pki("service-account.key")}`,
    `--cluster-signing-cert-file=${pki("client-authority.crt")}`,
    `--cluster-signing-key-file=${pki("client-authority.key")}`,
    "--kube-api-qps=1000",
    "--kube-api-burst=2000",
    "--profiling=false",
  ];
}

export function schedulerArguments(): readonly string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    "--secure-port=0",
    "--leader-elect=false",
    "--kube-api-qps=1000",
    "--kube-api-burst=2000",
    "--profiling=false",
  ];
}

export function kwokArguments(): readonly string[] {
  return [
    `--kubeconfig=${files.kubeconfig}`,
    `--config=${path.join(import.meta.dirname, "stages.yaml")}`,
    `--manage-nodes-with-annotation-selector=${simulatedNode.annotation}=${simulatedNode.value}`,
    "--node-lease-duration-seconds=40",
    `--cidr=${podNetwork}`,
  ];
}
