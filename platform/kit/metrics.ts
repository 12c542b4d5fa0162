import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../config/quantities.ts";
import type { ChartSystem } from "./chart-system.ts";
import { customResource } from "./custom-resource.ts";
import { monitoringAccess } from "./monitoring-access.ts";
import type { ObjectMetadata } from "./system.ts";

type Labels = Readonly<Record<string, string>>;

/** How metrics are asked for. */
export interface MonitorArgs {
  /** The system `monitoring`: its Prometheus asks. */
  readonly monitoring: Pick<ChartSystem, "charts" | "namespace">;
  /** Metadata of the monitor, in the namespace of what it watches. */
  readonly metadata: ObjectMetadata;
  /** Labels of the Services, or of the pods, that have the metrics. */
  readonly selector: Labels;
  /** The port's name, on the Service or on the container, and its number in the pod. */
  readonly port: { readonly name: string; readonly number: number };
  /** @default "/metrics" */
  readonly path?: string;
  /** Time between two questions. @default "30s" */
  readonly interval?: Duration;
}

interface Endpoint {
  readonly port: string;
  readonly path: string;
  readonly interval: Duration;
}

interface Selector {
  readonly matchLabels: Labels;
}

interface ServiceMonitorSpec {
  readonly selector: Selector;
  readonly endpoints: readonly Endpoint[];
}

interface PodMonitorSpec {
  readonly selector: Selector;
  readonly podMetricsEndpoints: readonly Endpoint[];
}

interface MonitorOptions {
  readonly parent: pulumi.Resource;
}

/**
 * Has Prometheus ask the pods behind Services for metrics, and opens the way, on both sides, to every pod of their namespace.
 * Made only where the system `monitoring` is on, which defines the kind.
 */
export function serviceMonitor(name: string, args: MonitorArgs, options: MonitorOptions): void {
  customResource<ServiceMonitorSpec>(
    name,
    {
      kind: "monitoring.coreos.com/v1/ServiceMonitor",
      metadata: args.metadata,
      spec: { selector: { matchLabels: args.selector }, endpoints: [endpointOf(args)] },
    },
    { ...options, dependsOn: [...args.monitoring.charts] },
  );
  openWay(name, args, {}, options);
}

/** Has Prometheus ask pods for metrics that no Service offers, and opens the way to them on both sides. */
export function podMonitor(name: string, args: MonitorArgs, options: MonitorOptions): void {
  customResource<PodMonitorSpec>(
    name,
    {
      kind: "monitoring.coreos.com/v1/PodMonitor",
      metadata: args.metadata,
      spec: { selector: { matchLabels: args.selector }, podMetricsEndpoints: [endpointOf(args)] },
    },
    { ...options, dependsOn: [...args.monitoring.charts] },
  );
  openWay(name, args, args.selector, options);
}

function endpointOf({ interval = "30s", path = "/metrics", port }: MonitorArgs): Endpoint {
  return { port: port.name, path, interval };
}

function openWay(name: string, args: MonitorArgs, pods: Labels, options: MonitorOptions): void {
  const { metadata, monitoring, port } = args;
  monitoringAccess(
    `${name}-metrics`,
    { monitoring, visitor: "prometheus", metadata, pods, port: port.number },
    options,
  );
}
