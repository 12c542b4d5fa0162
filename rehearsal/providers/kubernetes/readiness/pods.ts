/** Why pods are not ready, in words for people. */
import type { Cluster } from "../cluster.ts";
import type { KubernetesObject } from "../manifest.ts";
import { listAt, mappingAt, numberAt, textAt, type Mapping } from "../values.ts";
import { conditionOf } from "./rule.ts";

/** The most pods that are named in one line. */
const named = 3;

/** What is wrong with the pods of a workload, one line for each cause. */
export async function diagnosePods(cluster: Cluster, workload: KubernetesObject): Promise<readonly string[]> {
  const namespace = workload.metadata.namespace ?? cluster.namespace;
  const labelSelector = formatSelector(workload);
  const answer = await cluster.request("GET", `/api/v1/namespaces/${namespace}/pods`, {
    query: { labelSelector },
  });
  const pods = listAt(answer, "items");
  const causes = new Map<string, string[]>();
  for (const pod of pods) {
    const cause = causeOf(pod);
    if (cause === undefined) continue;
    causes.set(cause, [...(causes.get(cause) ?? []), textAt(pod, "metadata", "name") ?? ""]);
  }
  const lines = [...causes].map(([cause, names]) => `${listNames(names)} ${cause}`);
  return pods.length === 0 ? await warningsAbout(cluster, namespace, workload) : lines;
}

/** Why one pod is not ready; undefined when it is, or has ended well. */
export function causeOf(pod: Mapping): string | undefined {
  const phase = textAt(pod, "status", "phase") ?? "Pending";
  if (phase === "Succeeded" || conditionOf(pod, "Ready")?.status === "True") return undefined;
  const unscheduled = conditionOf(pod, "PodScheduled");
  if (unscheduled?.status === "False") {
    return `cannot be scheduled: ${textAt(unscheduled, "message") ?? "no node fits"}`;
  }
  const troubles = [
    ...listAt(pod, "status", "initContainerStatuses"),
    ...listAt(pod, "status", "containerStatuses"),
  ].flatMap(troubleOf);
  if (troubles.length > 0) return `(${phase}): ${troubles.join("; ")}`;
  const message = textAt(pod, "status", "message") ?? textAt(conditionOf(pod, "Ready"), "message");
  return `is ${phase}, not ready${message === undefined ? "" : `: ${message}`}`;
}

/** Warnings that the cluster recorded about an object, the latest last. */
export async function warningsAbout(
  cluster: Cluster,
  namespace: string,
  object: { readonly metadata: { readonly uid?: string } },
): Promise<readonly string[]> {
  const fieldSelector = `involvedObject.uid=${object.metadata.uid ?? ""},type=Warning`;
  const query = { fieldSelector };
  const events = await cluster.request("GET", `/api/v1/namespaces/${namespace}/events`, { query });
  const messages = listAt(events, "items").map(
    (event) => `${textAt(event, "reason") ?? "Warning"}: ${textAt(event, "message") ?? ""}`,
  );
  return [...new Set(messages)].slice(-named);
}

function troubleOf(status: Mapping): readonly string[] {
  const container = `container "${textAt(status, "name") ?? ""}"`;
  const waitingFor = mappingAt(status, "state", "waiting");
  const reason = textAt(waitingFor, "reason");
  if (reason !== undefined && reason !== "ContainerCreating" && reason !== "PodInitializing") {
    const message = textAt(waitingFor, "message");
    const exit = exitOf(mappingAt(status, "lastState", "terminated"));
    return [`${container} ${reason}${message === undefined ? "" : ` (${message})`}${exit}`];
  }
  const terminated = mappingAt(status, "state", "terminated");
  return numberAt(terminated, "exitCode") === 0 ? [] : [`${container} ended${exitOf(terminated)}`];
}

function exitOf(terminated: Mapping): string {
  if (terminated.exitCode === undefined) return "";
  const message = textAt(terminated, "message");
  const reason = textAt(terminated, "reason") ?? "Error";
  return `, exit code ${numberAt(terminated, "exitCode")} (${reason}${message === undefined ? "" : `: ${message}`})`;
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, named).join(", ");
  const rest = names.length > named ? ` and ${names.length - named} more` : "";
  return `${names.length === 1 ? "Pod" : "Pods"} ${shown}${rest}`;
}

function formatSelector(workload: KubernetesObject): string {
  // A replication controller's selector is a plain map of labels; everybody else's has matchLabels.
  const selector = mappingAt(workload, "spec", "selector");
  const labels = workload.kind === "ReplicationController" ? selector : mappingAt(selector, "matchLabels");
  const equalities = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = listAt(selector, "matchExpressions").map(formatExpression);
  return [...equalities, ...expressions].join(",");
}

function formatExpression(expression: Mapping): string {
  const key = textAt(expression, "key") ?? "";
  const values = Array.isArray(expression.values) ? expression.values.join(",") : "";
  switch (expression.operator) {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return key;
  }
}
