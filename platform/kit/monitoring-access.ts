import type * as pulumi from "@pulumi/pulumi";
import type { ChartSystem } from "./chart-system.ts";
import { networkAccess, type Peer } from "./network-access.ts";
import type { ObjectMetadata } from "./system.ts";

/** Labels of the pods that look after other systems: the operator's, and Grafana's chart's. */
const visitors = {
  prometheus: { "app.kubernetes.io/name": "prometheus" },
  grafana: { "app.kubernetes.io/name": "grafana" },
} as const;

export interface MonitoringAccessArgs {
  readonly monitoring: Pick<ChartSystem, "namespace">;
  /** Who comes. */
  readonly visitor: keyof typeof visitors;
  /** Metadata of what is visited. */
  readonly metadata: ObjectMetadata;
  /** Labels of the pods that are visited; none for all of their namespace. */
  readonly pods: Readonly<Record<string, string>>;
  /** Their port. */
  readonly port: number;
  /** True for pods in their nodes' network, which no policy is for: who asks them asks a node. @default false */
  readonly areOnNodes?: boolean;
}

/** Opens the way from Prometheus or Grafana to pods, on both sides: each namespace lets nothing in and nothing out by default. */
export function monitoringAccess(
  name: string,
  args: MonitoringAccessArgs,
  options: { readonly parent: pulumi.Resource },
): void {
  if (args.areOnNodes !== true) letIn(name, args, options);
  letOut(name, args, options);
}

function letIn(
  name: string,
  { metadata, monitoring, pods, port, visitor }: MonitoringAccessArgs,
  options: { readonly parent: pulumi.Resource },
): void {
  const from = {
    kind: "pods",
    namespace: monitoring.namespace,
    selector: visitors[visitor],
  } as const;
  networkAccess(
    `${name}-from-${visitor}`,
    {
      metadata: { ...metadata, name: `${name}-from-${visitor}` },
      selector: pods,
      from: [{ peer: from, port }],
    },
    options,
  );
}

function letOut(
  name: string,
  { metadata, monitoring, pods, port, visitor, ...args }: MonitoringAccessArgs,
  options: { readonly parent: pulumi.Resource },
): void {
  const { namespace } = metadata;
  const all: Peer = { kind: "namespace", namespace };
  const some: Peer = { kind: "pods", namespace, selector: pods };
  const peer: Peer = args.areOnNodes === true ? { kind: "world" } : Object.keys(pods).length > 0 ? some : all;
  networkAccess(
    `${visitor}-to-${name}`,
    {
      metadata: { ...metadata, name: `${visitor}-to-${name}`, namespace: monitoring.namespace },
      selector: visitors[visitor],
      from: [],
      to: [{ peer, port }],
    },
    options,
  );
}
