import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../config/quantities.ts";
import type { ChartName, CustomKind } from "../charts/lock.ts";
import { Chart, type ChartArgs, type ChartPlace } from "./chart.ts";
import { customResource, type SpecInput } from "./custom-resource.ts";
import { networkAccess, type NetworkAccessArgs } from "./network-access.ts";
import { System, type SystemIdentity } from "./system.ts";

/** What a system says of a chart that it installs. */
export type Installation<Name extends ChartName> = Omit<ChartArgs<Name>, "chart" | "place" | "labels"> & {
  /** What must be there first, beside the system's own charts. @default nothing */
  readonly dependsOn?: readonly pulumi.Resource[];
};

/** What a system says of a custom resource that it makes. */
export interface Declaration<Spec> {
  readonly kind: CustomKind;
  /** The object's name. */
  readonly name: string;
  readonly spec: SpecInput<Spec>;
  /** Fields beside `metadata` and `spec`, where the kind has any. @default none */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** True for a kind without namespace. @default false */
  readonly clusterWide?: boolean;
  readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What must be there first, beside the system's own charts, as the operator of another system. @default nothing */
  readonly dependsOn?: readonly pulumi.Resource[];
  /** When what depends on the object may begin. A simulated operator does nothing, and nobody waits for it. @default at once */
  readonly readiness?: Readiness;
}

/** How to see that an operator has done what an object asks for. */
export interface Readiness {
  /** As Pulumi writes it: `jsonpath={.status.phase}=Ready`. */
  readonly when: string;
  /** How long that may take, at first and after every change. */
  readonly within: Duration;
}

/**
 * The base of a system that is installed by Helm charts: one chart, an operator and what it operates, or definitions and their
 * controller.
 *
 * In order by construction: each chart waits for those installed before it, and each custom resource for all of them, with their
 * definitions and webhooks; at the end they go the other way round.
 */
export abstract class ChartSystem extends System {
  readonly #place: ChartPlace;
  readonly #charts: Chart[] = [];

  constructor(identity: SystemIdentity, place: ChartPlace, options?: pulumi.ComponentResourceOptions) {
    super(identity, place, options);
    this.#place = place;
  }

  /** The charts installed so far: what other systems' custom resources wait for. */
  get charts(): readonly pulumi.Resource[] {
    return this.#charts;
  }

  /** Installs a chart into the system's namespace, after those installed before. */
  protected install<Name extends ChartName>(
    chart: Name,
    { dependsOn = [], ...args }: Installation<Name>,
  ): Chart<Name> {
    const installed = new Chart<Name>(
      { ...args, chart, place: this.#place, labels: this.labels() },
      { parent: this, dependsOn: [...this.#charts, ...dependsOn] },
    );
    this.#charts.push(installed);
    return installed;
  }

  /** Makes a custom resource, after the charts installed so far. */
  protected customResource<Spec>(
    name: string,
    { clusterWide, dependsOn = [], fields, kind, name: objectName, spec, ...more }: Declaration<Spec>,
  ): kubernetes.apiextensions.CustomResource {
    const { namespace, ...metadata } = this.metadata(objectName);
    const readiness = this.#place.charts.source === "facts" ? undefined : more.readiness;
    const annotations = {
      ...more.annotations,
      ...(readiness && { "pulumi.com/waitFor": readiness.when }),
    };
    return customResource<Spec>(
      name,
      {
        kind,
        metadata: {
          ...metadata,
          ...(clusterWide !== true && { namespace }),
          ...(Object.keys(annotations).length > 0 && { annotations }),
        },
        spec,
        ...(fields && { fields }),
      },
      {
        parent: this,
        dependsOn: [...this.#charts, ...dependsOn],
        ...(readiness && { customTimeouts: { create: readiness.within, update: readiness.within } }),
      },
    );
  }

  /**
   * Opens the network edges of the system's pods.
   *
   * @param edges with no `selector` they are for every pod of the namespace, which suits a namespace that the system has for itself: charts
   *   label their pods each in its own way
   */
  protected openEdges(
    edges: Omit<NetworkAccessArgs, "metadata" | "selector"> & Partial<Pick<NetworkAccessArgs, "selector">>,
    name: string = this.systemName,
  ): void {
    networkAccess(name, { selector: {}, ...edges, metadata: this.metadata(name) }, { parent: this });
  }
}
