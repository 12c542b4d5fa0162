import { hasStatus, type KubernetesClient } from "./client.ts";
import { simulatedNode } from "./command-lines.ts";
import {
  hasCondition,
  type Condition,
  type KubernetesList,
  type KubernetesObject,
  type Quantities,
} from "./objects.ts";

/** A machine that a cluster is to believe in. */
export interface SimulatedNode {
  readonly name: string;
  /** Cores, for example `"4"` or `"500m"`. */
  readonly cpu: string;
  /** For example `"8Gi"`. */
  readonly memory: string;
  /** Disk for images, logs and scratch volumes. @default "100Gi" */
  readonly disk?: string;
  /** The most pods at once. @default 110, the kubelet's own default */
  readonly pods?: number;
  /** @default "amd64" */
  readonly arch?: "amd64" | "arm64";
  /** The address by which pods and other nodes know it. @default the API server's: they share one machine */
  readonly address?: string;
  /** Added to those that every node has. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  /** What a node offers beside, by name, for example `{ "nvidia.com/gpu": "1" }`. */
  readonly resources?: Quantities;
}

/** Keeps pods away that do not tolerate it. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** A node whose address is known. */
export type AddressedNode = SimulatedNode & { readonly address: string };

interface Node extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const nodes = "/api/v1/nodes";
const apply = "application/apply-patch+yaml";

/**
 * Registers the nodes as kubelets would, and removes simulated nodes that are not among them.
 *
 * @param address the address of nodes that have none of their own
 */
export async function registerNodes(
  client: KubernetesClient,
  wanted: readonly SimulatedNode[],
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const { items } = (await client.request("GET", nodes, { signal })) as KubernetesList<Node>;
  const names = new Set(wanted.map((node) => node.name));
  const gone = items.filter((node) => isSimulated(node) && !names.has(node.metadata.name));
  await Promise.all([
    ...gone.map((node) => client.request("DELETE", `${nodes}/${node.metadata.name}`, { signal })),
    ...wanted.map((node) => registerNode(client, { address, ...node }, signal)),
  ]);
}

/**
 * Takes the nodes out of the hands of an earlier KWOK: one that starts anew would leave nodes and pods alone until the leases
 * of the one before it have run out.
 */
export async function releaseNodes(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  await client.request("DELETE", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", {
    signal,
  });
}

/** Waits until every simulated node is ready. */
export async function waitForNodes(client: KubernetesClient, signal: AbortSignal): Promise<void> {
  const list = (await client.request("GET", nodes, { signal })) as KubernetesList<Node>;
  const waiting = new Set(list.items.filter((node) => !isReady(node)).map((node) => node.metadata.name));
  if (waiting.size === 0) return;
  const query = { resourceVersion: list.metadata.resourceVersion };
  for await (const { object } of client.watch<Node>(nodes, { query, signal })) {
    if (isReady(object)) waiting.delete(object.metadata.name);
    if (waiting.size === 0) return;
  }
  signal.throwIfAborted();
}

/** The labels that a kubelet sets again whenever it starts; those of a Node that exists are otherwise nothing to it. */
const kubeletLabels: readonly string[] = [
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
];

/** Registers a node as its kubelet would: a Node that exists keeps its labels, taints and annotations. */
export async function registerNode(
  client: KubernetesClient,
  node: AddressedNode,
  signal: AbortSignal,
): Promise<void> {
  const { gitVersion } = (await client.request("GET", "/version", { signal })) as {
    readonly gitVersion: string;
  };
  const path = `${nodes}/${node.name}`;
  await registerObject(client, nodeObject(node), signal);
  await client.request("PATCH", `${path}/status`, {
    contentType: apply,
    query: { fieldManager: "kubelet", force: true },
    signal,
    body: nodeStatus(node, gitVersion),
  });
}

async function registerObject(
  client: KubernetesClient,
  object: ReturnType<typeof nodeObject>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.request("POST", nodes, { body: object, signal });
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    const { name, annotations, labels = {} } = object.metadata;
    const own = Object.entries(labels).filter(([key]) => kubeletLabels.includes(key));
    await client.request("PATCH", `${nodes}/${name}`, {
      contentType: "application/merge-patch+json",
      body: { metadata: { annotations, labels: Object.fromEntries(own) } },
      signal,
    });
  }
}

/** Leaves a node without its kubelet, as a machine does that is gone: nobody answers for its pods any more. */
export async function abandonNode(
  client: KubernetesClient,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `${nodes}/${name}`;
  const options = { contentType: "application/merge-patch+json", signal };
  const silent = {
    type: "Ready",
    status: "Unknown",
    reason: "NodeStatusUnknown",
    message: "The machine is gone.",
  };
  try {
    await client.request("PATCH", path, {
      ...options,
      body: { metadata: { annotations: { [simulatedNode.annotation]: null } } },
    });
    await client.request("PATCH", `${path}/status`, {
      ...options,
      body: { status: { conditions: [silent] } },
    });
  } catch (error) {
    // It was drained and removed before its machine went.
    if (!hasStatus(error, 404)) throw error;
  }
}

/** The object that a kubelet registers. */
export function nodeObject(node: SimulatedNode): KubernetesObject & { readonly spec: object } {
  const arch = node.arch ?? "amd64";
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: node.name,
      annotations: { [simulatedNode.annotation]: simulatedNode.value },
      labels: {
        "kubernetes.io/arch": arch,
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        ...node.labels,
      },
    },
    spec: { ...(node.taints === undefined ? {} : { taints: node.taints }) },
  };
}

/** The status that a kubelet reports. Nothing is set aside for the system: k3s does not either. */
export function nodeStatus(
  node: AddressedNode,
  kubeletVersion: string,
): KubernetesObject & { readonly status: object } {
  const capacity: Quantities = {
    cpu: node.cpu,
    memory: node.memory,
    "ephemeral-storage": node.disk ?? "100Gi",
    pods: String(node.pods ?? 110),
    ...node.resources,
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: node.name },
    status: {
      capacity,
      allocatable: capacity,
      addresses: [
        { type: "InternalIP", address: node.address },
        { type: "Hostname", address: node.name },
      ],
      nodeInfo: {
        architecture: node.arch ?? "amd64",
        operatingSystem: "linux",
        kubeletVersion,
        kubeProxyVersion: "",
        containerRuntimeVersion: "simulated",
        kernelVersion: "simulated",
        osImage: "simulated",
        bootID: "",
        machineID: "",
        systemUUID: "",
      },
    },
  };
}

function isSimulated(node: Node): boolean {
  return node.metadata.annotations?.[simulatedNode.annotation] === simulatedNode.value;
}

function isReady(node: Node): boolean {
  return !isSimulated(node) || hasCondition(node, "Ready");
}
