import { roleLabel } from "../../infra/node-labels.ts";
import { parseKubernetesQuantity } from "../../config/kubernetes-quantity.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";

/** What a node has and what the pods on it ask for. */
export interface NodeView {
  readonly name: string;
  readonly ready: boolean;
  readonly roles: string;
  readonly architecture: string;
  /** Thousandths of a core. */
  readonly cpu: { readonly requested: number; readonly allocatable: number };
  /** Bytes. */
  readonly memory: { readonly requested: number; readonly allocatable: number };
  readonly pods: { readonly running: number; readonly allocatable: number };
}

/** One pod, and for a pod that does not run the reason. */
export interface PodView {
  readonly namespace: string;
  readonly name: string;
  /** The system it belongs to, from its labels; empty for pods that are not the platform's. */
  readonly system: string;
  readonly node: string;
  readonly state: "running" | "pending" | "failed" | "succeeded";
  readonly reason: string;
}

export interface ClusterView {
  readonly version: string;
  readonly nodes: readonly NodeView[];
  readonly pods: readonly PodView[];
}

/** The fields of API objects that are read here. */
interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly architecture: string };
  };
}

interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly {
      readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
    }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface ContainerStatus {
  readonly ready: boolean;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

/** Asks the API server for everything a report shows. */
export async function viewCluster(client: KubernetesClient): Promise<ClusterView> {
  const [version, nodes, pods] = await Promise.all([
    client.request("GET", "/version") as Promise<{ gitVersion: string }>,
    client.request("GET", "/api/v1/nodes") as Promise<{ items: NodeObject[] }>,
    client.request("GET", "/api/v1/pods") as Promise<{ items: PodObject[] }>,
  ]);
  return {
    version: version.gitVersion,
    nodes: nodes.items.map((node) => viewNode(node, pods.items)),
    pods: pods.items.map(viewPod),
  };
}

function viewNode(node: NodeObject, pods: readonly PodObject[]): NodeView {
  const mine = pods.filter((pod) => pod.spec.nodeName === node.metadata.name && !isOver(pod));
  const requests = mine.flatMap((pod) =>
    pod.spec.containers.map((container) => container.resources?.requests),
  );
  const allocatable = node.status?.allocatable ?? {};
  return {
    name: node.metadata.name,
    ready:
      node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
    roles: rolesOf(node.metadata.labels ?? {}),
    architecture: node.status?.nodeInfo?.architecture ?? "",
    cpu: {
      requested: sum(requests.map((request) => cpuToMillis(request?.cpu))),
      allocatable: cpuToMillis(allocatable.cpu),
    },
    memory: {
      requested: sum(requests.map((request) => quantityToBytes(request?.memory))),
      allocatable: quantityToBytes(allocatable.memory),
    },
    pods: { running: mine.length, allocatable: Number(allocatable.pods ?? 0) },
  };
}

const rolePrefix = "node-role.kubernetes.io/";

/** As Kubernetes' own labels say, or else as the stack's configuration does. */
function rolesOf(labels: Readonly<Record<string, string>>): string {
  const roles = Object.keys(labels)
    .filter((label) => label.startsWith(rolePrefix))
    .map((label) => label.slice(rolePrefix.length));
  return roles.length === 0 ? (labels[roleLabel] ?? "worker") : roles.sort().join(", ");
}

function viewPod(pod: PodObject): PodView {
  const { name, namespace, labels } = pod.metadata;
  const ours = labels?.["app.kubernetes.io/part-of"] === "uap";
  return {
    namespace,
    name,
    system: ours ? (labels["app.kubernetes.io/name"] ?? "") : "",
    node: pod.spec.nodeName ?? "",
    state: stateOf(pod),
    reason: reasonOf(pod),
  };
}

function isOver(pod: PodObject): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

function stateOf(pod: PodObject): PodView["state"] {
  if (pod.status?.phase === "Succeeded") return "succeeded";
  if (pod.status?.phase === "Failed") return "failed";
  const ready =
    pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
  return ready ? "running" : "pending";
}

/** Why a pod does not run: what its containers wait for, else the first condition that is not met. */
function reasonOf(pod: PodObject): string {
  if (stateOf(pod) === "running" || stateOf(pod) === "succeeded") return "";
  const waiting = pod.status?.containerStatuses
    ?.map(({ state }) => state?.waiting)
    .find((state) => state !== undefined);
  if (waiting) return [waiting.reason, waiting.message].filter(Boolean).join(": ");
  const unmet = pod.status?.conditions?.find(({ status }) => status === "False");
  return unmet ? [unmet.reason, unmet.message].filter(Boolean).join(": ") : "not started yet";
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Bytes of a memory quantity; 0 when it is missing. */
function quantityToBytes(quantity: string | undefined): number {
  return parseKubernetesQuantity(quantity) ?? 0;
}

/** Thousandths of a core of a CPU quantity; 0 when it is missing. */
function cpuToMillis(quantity: string | undefined): number {
  return Math.round((parseKubernetesQuantity(quantity) ?? 0) * 1000);
}
