import { defaultSettings } from "../../policy/policy.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Resource } from "../../policy/resource.ts";
import { notYetKnown } from "../../policy/values.ts";
import type { Values } from "../../policy/values.ts";

/** Kinds that the tests use, with their API versions in Pulumi's spelling. */
const versions = {
  ConfigMap: "core/v1",
  CronJob: "batch/v1",
  DaemonSet: "apps/v1",
  Deployment: "apps/v1",
  Job: "batch/v1",
  LimitRange: "core/v1",
  Namespace: "core/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  Pod: "core/v1",
  ReplicaSet: "apps/v1",
  ResourceQuota: "core/v1",
  Secret: "core/v1",
  Service: "core/v1",
  StatefulSet: "apps/v1",
} as const;

/** A kind that the tests use. */
export type Kind = keyof typeof versions;

/** An object of a kind, in the namespace `data` unless its properties say otherwise. */
export function object(kind: Kind, name: string, properties: Values, rest: Partial<Resource> = {}): Resource {
  const type = `kubernetes:${versions[kind]}:${kind}`;
  return {
    urn: `urn:pulumi:test::uap::${type}::${name}`,
    name,
    type,
    properties: { metadata: { name, namespace: "data" }, ...properties },
    provider: {},
    propertyDependencies: {},
    ...rest,
  };
}

/** A Deployment of one container. */
export function deployment(container: Values, rest: Partial<Resource> = {}): Resource {
  return object(
    "Deployment",
    "web",
    { spec: { template: { spec: { containers: [{ name: "web", ...container }] } } } },
    rest,
  );
}

/** A breach, shortened to what tests compare. */
export interface Found {
  readonly resource: string;
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}

/** The breaches of a policy by some resources, checked one by one and then together. */
export function breaches<Settings extends object>(
  policy: Policy<Settings>,
  resources: readonly Resource[],
  settings: Partial<Settings> = {},
): Found[] {
  const found: Found[] = [];
  const effective = { ...defaultSettings(policy), ...settings };
  const report = (resource: Resource, violation: Omit<Found, "resource">): void => {
    found.push({ resource: resource.name, ...violation });
  };
  for (const resource of resources) policy.validate?.(resource, report, effective);
  policy.validateStack?.(resources, report, effective);
  return found;
}

/** The problems alone. */
export function problems<Settings extends object>(
  policy: Policy<Settings>,
  resources: readonly Resource[],
  settings: Partial<Settings> = {},
): string[] {
  return breaches(policy, resources, settings).map(({ problem }) => problem);
}

export { notYetKnown };
