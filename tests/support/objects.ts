import type { MockResource } from "./mock-engine.ts";
import { revealed } from "./revealed.ts";

/** An object of Kubernetes, as the program would send it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/** The objects among a program's resources, with their secrets in clear. */
export function readObjects(resources: readonly MockResource[]): KubernetesObject[] {
  return resources.flatMap((resource) => objectOf(resource) ?? []);
}

/** The object that a resource is; undefined for charts and whatever else is none. */
export function objectOf({ inputs, type }: MockResource): KubernetesObject | undefined {
  if (!type.startsWith("kubernetes:") || typeof inputs.apiVersion !== "string") return undefined;
  return revealed(inputs) as KubernetesObject;
}

/** Whether it stands for an object of a chart. */
export function isSimulated({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.["uap.dev/simulated"] === "true";
}

/** What is in a ConfigMap or a Secret. */
export function textOf({ data = {}, kind }: KubernetesObject): string {
  return Object.values(data)
    .map((value) => (kind === "Secret" ? Buffer.from(value, "base64").toString("utf8") : value))
    .join("\n");
}

/** All texts in a value, wherever in it. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
