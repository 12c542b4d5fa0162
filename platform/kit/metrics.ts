import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../config/quantities.ts";
import type { ChartSystem } from "./chart-system.ts";
import { customResource, type SpecInput } from "./custom-resource.ts";
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
  /** True for pods in their nodes' network. @default false */
  readonly areOnNodes?: boolean;
  /** @default "/metrics" */
  readonly path?: string;
  /** What the question says beside its path. @default nothing */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How the pods prove who they are, where they speak TLS. @default they speak HTTP */
  readonly tls?: MonitorTls;
  /** Time between two questions. @default "30s" */
  readonly interval?: Duration;
}

/** Whom Prometheus trusts to be what it asks. */
export interface MonitorTls {
  /** Name of a Secret beside the monitor, with the authority as `ca.crt`. */
  readonly authority: pulumi.Input<string>;
  /** The name in the pods' certificate: they are asked by their addresses. */
  readonly serverName: pulumi.Input<string>;
}

interface Endpoint {
  readonly port: string;
  readonly path: string;
  readonly interval: Duration;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly scheme?: "https";
  readonly tlsConfig?: {
    readonly ca: { readonly secret: { readonly name: string; readonly key: string } };
    readonly serverName: string;
  };
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

function endpointOf(args: MonitorArgs): SpecInput<Endpoint> {
  const { interval = "30s", parameters, path = "/metrics", port, tls } = args;
  return {
    port: port.name,
    path,
    interval,
    ...(parameters && {
      params: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])),
    }),
    ...(tls && {
      scheme: "https",
      tlsConfig: { ca: { secret: { name: tls.authority, key: "ca.crt" } }, serverName: tls.serverName },
    }),
  };
}

function openWay(name: string, args: MonitorArgs, pods: Labels, options: MonitorOptions): void {
  const { areOnNodes = false, metadata, monitoring, port } = args;
  monitoringAccess(
    `${name}-metrics`,
    { monitoring, visitor: "prometheus", metadata, pods, port: port.number, areOnNodes },
    options,
  );
}
