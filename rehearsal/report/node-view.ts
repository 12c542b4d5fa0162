import { parseKubernetesQuantity } from "../../config/kubernetes-quantity.ts";
import { roleLabel } from "../../infra/node-labels.ts";
import { isOver, type PodObject } from "./pod-view.ts";

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

/** The fields of a node that are read here. */
export interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly architecture: string };
  };
}

/** What a report says of a node. */
export function viewNode(node: NodeObject, pods: readonly PodObject[]): NodeView {
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
