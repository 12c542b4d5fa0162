import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Charts } from "../../config/sections/charts.ts";
import { lockedChart, type ChartName, type LockedWorkload } from "../charts/lock.ts";
import { rendered, type RenderedClaim, type Rendering } from "../charts/rendering.ts";
import {
  podLabels,
  simulatedClaim,
  simulatedDefinition,
  simulatedMark,
  simulatedPods,
  simulatedService,
} from "../charts/simulation.ts";
import { chartReference, type RenderedCharts } from "../charts/source.ts";
import type { SystemPlace } from "./system.ts";
import { transformed, type Transform } from "./transform.ts";

/** Where a system's charts are deployed, and where they come from. */
export interface ChartPlace extends SystemPlace {
  readonly charts: Charts;
}

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
type ChartValue =
  Plain | pulumi.Output<Plain> | readonly ChartValue[] | { readonly [key: string]: ChartValue };

/** Helm values. Passwords and what other resources tell are outputs. */
export type ChartValues = Readonly<Record<string, ChartValue>>;

export interface ChartArgs<Name extends ChartName = ChartName> {
  readonly chart: Name;
  readonly place: ChartPlace;
  readonly values: ChartValues;
  /** What the values make of the chart's default workloads and claims. @default nothing */
  readonly rendering?: Rendering<Name>;
  /** Labels of simulated objects. */
  readonly labels: Readonly<Record<string, string>>;
  /** False when the definitions of the chart's folder `crds` come from elsewhere. @default true */
  readonly includeDefinitions?: boolean;
  /** Changes what Helm is asked to render. @default nothing */
  readonly transform?: Transform<kubernetes.helm.v4.ChartArgs>;
}

/**
 * A pinned Helm chart, its release named like the chart: rendered by Helm, or simulated from what is recorded of it.
 *
 * Whatever depends on this component waits until all of the chart's objects are ready, and is deleted before them.
 */
export class Chart<Name extends ChartName = ChartName> extends pulumi.ComponentResource {
  constructor(
    args: ChartArgs<Name>,
    options: { readonly parent: pulumi.Resource } & pulumi.ComponentResourceOptions,
  ) {
    super("uap:kit:Chart", args.chart, {}, options);
    const { charts } = args.place;
    if (charts.source === "facts") this.#simulate(args);
    else this.#render(args, charts);
    this.registerOutputs();
  }

  #render(args: ChartArgs<Name>, charts: RenderedCharts): void {
    const { chart, includeDefinitions = true, place, transform, values } = args;
    new kubernetes.helm.v4.Chart(
      chart,
      transformed<kubernetes.helm.v4.ChartArgs>(
        {
          ...chartReference(chart, charts),
          name: chart,
          namespace: place.namespace,
          skipCrds: !includeDefinitions,
          values: values as Record<string, unknown>,
        },
        transform,
      ),
      { parent: this },
    );
  }

  #simulate(args: ChartArgs<Name>): void {
    const { workloads, claims } = rendered(args.chart, args.rendering);
    const definitions = args.includeDefinitions === false ? [] : this.#createDefinitions(args);
    const options = { parent: this, dependsOn: definitions };
    for (const workload of workloads) {
      const own = claims.filter((claim) => claim.workload === workload.name);
      this.#createWorkload(args, workload, own, options);
    }
    this.#createServices(args, workloads);
  }

  #createDefinitions({ chart, labels }: ChartArgs<Name>): pulumi.Resource[] {
    return Object.entries(lockedChart(chart).definitions).map(
      ([name, definition]) =>
        new kubernetes.apiextensions.v1.CustomResourceDefinition(
          name,
          simulatedDefinition(name, labels, definition),
          { parent: this },
        ),
    );
  }

  #createWorkload(
    args: ChartArgs<Name>,
    workload: LockedWorkload,
    claims: readonly RenderedClaim[],
    options: pulumi.CustomResourceOptions,
  ): void {
    const { kind, name, replicas } = workload;
    const own = podLabels(args.chart, name);
    const metadata = this.#metadata(args, name);
    const selector = { matchLabels: own };
    const labels = { ...args.labels, ...own };
    const isStateful = kind === "StatefulSet";
    const template = simulatedPods(labels, workload, isStateful ? [] : claims);
    const resource = `${args.chart}-${name}`;
    if (!isStateful) this.#createClaims(args, claims);
    switch (kind) {
      case "Deployment":
        new kubernetes.apps.v1.Deployment(
          resource,
          { metadata, spec: { replicas, selector, template } },
          options,
        );
        return;
      case "StatefulSet": {
        const volumeClaimTemplates = claims.map((claim) => ({
          metadata: { name: claim.name },
          spec: simulatedClaim(claim),
        }));
        const spec = { replicas, selector, template, serviceName: name, volumeClaimTemplates };
        new kubernetes.apps.v1.StatefulSet(resource, { metadata, spec }, options);
        return;
      }
      case "DaemonSet":
        new kubernetes.apps.v1.DaemonSet(resource, { metadata, spec: { selector, template } }, options);
        return;
      case "Job":
        new kubernetes.batch.v1.Job(resource, { metadata, spec: { template } }, options);
        return;
      case "CronJob":
        new kubernetes.batch.v1.CronJob(
          resource,
          { metadata, spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template } } } },
          options,
        );
        return;
      default:
        kind satisfies never;
    }
  }

  #createClaims(args: ChartArgs<Name>, claims: readonly RenderedClaim[]): void {
    for (const claim of claims) {
      new kubernetes.core.v1.PersistentVolumeClaim(
        `${args.chart}-${claim.name}`,
        { metadata: this.#metadata(args, claim.name), spec: simulatedClaim(claim) },
        { parent: this },
      );
    }
  }

  #createServices(args: ChartArgs<Name>, workloads: readonly LockedWorkload[]): void {
    for (const [name, service] of Object.entries(lockedChart(args.chart).services)) {
      const metadata = this.#metadata(args, name);
      new kubernetes.core.v1.Service(
        `${args.chart}-${name}`,
        {
          metadata: { ...metadata, ...(service.namespace !== undefined && { namespace: service.namespace }) },
          spec: simulatedService(name, service, workloads, (workload) => podLabels(args.chart, workload)),
        },
        { parent: this },
      );
    }
  }

  #metadata({ labels, place }: ChartArgs<Name>, name: string) {
    return { name, namespace: place.namespace, labels: { ...labels }, annotations: simulatedMark };
  }
}
