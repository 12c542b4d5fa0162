import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartName } from "../charts/lock.ts";
import { podLabels } from "../charts/simulation.ts";
import type { ChartPlace } from "../kit/chart.ts";
import { networkAccess, type Peer } from "../kit/network-access.ts";
import { publicAddress, type IngressSettings } from "../kit/public-address.ts";
import type { ObjectMetadata } from "../kit/system.ts";

/** How a storage system's page is published. */
export interface PageSettings {
  readonly host: string;
  /** How web pages are published; undefined on a cluster without an ingress controller: then there is no page. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
}

interface PageArgs {
  readonly settings: PageSettings & { readonly ingress: IngressSettings };
  /** Metadata of the Service and of all that publishes it. */
  readonly metadata: ObjectMetadata;
  /** Port of the pods. */
  readonly port: number;
  readonly pods: Readonly<Record<string, string>>;
}

/** A page is slow to come where its pods come from an operator that has much else to do first. */
const longestWait = "30m";

/** Publishes pods of a chart or of its operator, over TLS and behind a login. @returns the page's address */
export function publishedPage(
  name: string,
  { metadata, pods, port, settings }: PageArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): pulumi.Output<string> {
  const { parent, dependsOn } = options;
  networkAccess(
    name,
    { metadata, selector: pods, from: [{ peer: settings.ingressController, port }] },
    { parent },
  );
  const service = new kubernetes.core.v1.Service(
    name,
    { metadata, spec: { selector: { ...pods }, ports: [{ name: "http", port: 80, targetPort: port }] } },
    { parent, dependsOn: [...dependsOn], customTimeouts: { create: longestWait } },
  );
  return publicAddress(
    name,
    {
      metadata,
      host: settings.host,
      service: { name: service.metadata.name, port: "http" },
      ingress: settings.ingress,
    },
    { parent },
  );
}

/** Labels of the pods of one workload: the chart's or its operator's own, or those that simulated pods have. */
export function labelsOfPods(
  { charts }: ChartPlace,
  chart: ChartName,
  workload: string,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return charts.source === "facts" ? podLabels(chart, workload) : labels;
}
