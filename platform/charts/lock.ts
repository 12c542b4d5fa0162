import lock from "../charts.lock.json" with { type: "json" };

/** A chart that the platform knows: pinned in `platform/charts.lock.json`. */
export type ChartName = keyof typeof lock.charts;

/** A kind of custom resource, as `<group>/<version>/<kind>`, that a chart's definitions bring. */
export type CustomKind<Chart extends ChartName = ChartName> = {
  [Name in ChartName]: keyof (typeof lock.charts)[Name]["kinds"];
}[Chart] &
  string;

/** A workload of a chart, as `<kind>/<name>`. */
export type WorkloadKey<Chart extends ChartName = ChartName> = {
  [Name in ChartName]: keyof (typeof lock.charts)[Name]["workloads"];
}[Chart] &
  string;

/** Amounts by resource, such as `{ cpu: "100m", memory: "64Mi" }`. */
export type Amounts = Readonly<Record<string, string>>;

export interface LockedContainer {
  readonly name: string;
  readonly image: string;
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly ports: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: string;
  }[];
}

/** A workload, as the chart renders it with its default values. */
export interface LockedWorkload {
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "CronJob";
  readonly name: string;
  /** 1 where the chart leaves it open. */
  readonly replicas: number;
  readonly containers: readonly LockedContainer[];
  readonly hostNetwork: boolean;
  readonly privileged: boolean;
  readonly serviceAccount?: string;
}

export interface LockedService {
  readonly type: "ClusterIP" | "LoadBalancer" | "NodePort";
  readonly headless: boolean;
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
  /** Only where it is not the release's. */
  readonly namespace?: string;
}

/** A volume that the chart claims. */
export interface LockedClaim {
  readonly name: string;
  readonly size: string;
  readonly accessModes: readonly string[];
  /** Name of the workload that mounts it; with a StatefulSet, each of its pods claims one. */
  readonly workload?: string;
}

/** A CustomResourceDefinition, without its schemas. */
export interface LockedDefinition {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly scope: "Namespaced" | "Cluster";
  readonly versions: readonly {
    readonly name: string;
    readonly served: boolean;
    readonly storage: boolean;
  }[];
}

/** What is recorded of a chart, rendered with its default values under its own name. */
export interface LockedChart {
  /** Name in its repository, where it differs from the one here. */
  readonly chart?: string;
  readonly version: string;
  readonly appVersion: string;
  /** URL of a Helm repository, or the whole reference of a chart in an OCI registry (`oci://…`). */
  readonly repository: string;
  /** SHA-256 of its package, in hexadecimal: known since `make charts` fetched it. */
  readonly digest?: string;
  readonly images: readonly string[];
  /** By `<kind>/<name>`. */
  readonly workloads: Readonly<Record<string, LockedWorkload>>;
  /** By name. */
  readonly services: Readonly<Record<string, LockedService>>;
  /** Names of the admission webhooks that the chart registers. */
  readonly webhooks: readonly string[];
  readonly claims: readonly LockedClaim[];
  /** By name, such as `scaledobjects.keda.sh`. */
  readonly definitions: Readonly<Record<string, LockedDefinition>>;
  /** Names of the definitions by the kinds they serve: `<group>/<version>/<kind>`. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** The whole lock file. */
export interface ChartsLock {
  readonly charts: Readonly<Record<string, LockedChart>>;
}

// The compiler reads every text in a JSON file as `string`: only the names are taken from it, the rest is as `write-lock.ts` wrote it.
const charts = lock.charts as unknown as Readonly<Record<ChartName, LockedChart>>;

/** All pinned charts by name. */
export const lockedCharts: Readonly<Record<ChartName, LockedChart>> = charts;

/**
 * The pinned image of a chart whose repository ends so.
 *
 * @param repository its last part, such as `ceph`, or more of it
 * @throws Error when the chart has none
 */
export function imageOf(chart: ChartName, repository: string): string {
  const image = lockedChart(chart).images.find((one) => one.includes(`/${repository}:`));
  if (image === undefined) throw new Error(`The chart ${chart} pins no image ${repository}.`);
  return image;
}

/**
 * What is recorded of a chart.
 *
 * @throws Error when the lock file has lost it
 */
export function lockedChart(name: ChartName): LockedChart {
  if (Object.hasOwn(charts, name)) return charts[name];
  throw new Error(
    `platform/charts.lock.json pins no chart ${name}. Bring its entry back, with name, version and repository, and run \`make charts\`.`,
  );
}
