import type * as pulumi from "@pulumi/pulumi";
import type { ChartSystem } from "./chart-system.ts";
import { networkAccess } from "./network-access.ts";
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
}

/** Opens the way from Prometheus or Grafana to pods, on both sides: each namespace lets nothing in and nothing out by default. */
export function monitoringAccess(
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
  const to =
    Object.keys(pods).length > 0 ? { kind: "pods" as const, selector: pods } : { kind: "namespace" as const };
  networkAccess(
    `${visitor}-to-${name}`,
    {
      metadata: { ...metadata, name: `${visitor}-to-${name}`, namespace: monitoring.namespace },
      selector: visitors[visitor],
      from: [],
      to: [{ peer: { ...to, namespace: metadata.namespace }, port }],
    },
    options,
  );
}
