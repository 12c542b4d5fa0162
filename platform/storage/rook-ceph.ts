import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Sized } from "../../config/systems.ts";
import { toApiServer } from "../kit/api-server-access.ts";
import { ChartSystem } from "../kit/chart-system.ts";
import type { ChartPlace } from "../kit/chart.ts";
import { dashboard } from "../kit/dashboard.ts";
import { serviceMonitor } from "../kit/metrics.ts";
import { generatedPassword } from "../kit/password.ts";
import { secretObject } from "../kit/secret-object.ts";
import { innerTraffic } from "./inner-traffic.ts";
import { labelsOfPods, publishedPage, type PageSettings } from "./page.ts";
import { blockClass, bucketClass, cephNames, sharedClass, type CephClass } from "./rook-ceph-classes.ts";
import {
  cephClusterSpec,
  cephDashboardPort,
  cephFilesystemSpec,
  cephObjectStoreSpec,
  cephPool,
  type CephClusterSpec,
} from "./rook-ceph-cluster.ts";
import { cephDashboard } from "./rook-ceph-dashboard.ts";
import { cephFiles } from "./rook-ceph-files.ts";
import type { RookCephOptions } from "./rook-ceph-options.ts";
import { cephImage, driversRendering, rookCephRendering, type CephShape } from "./rook-ceph-rendering.ts";
import { driverDefaults, driversValues, rookCephValues, type DriverDefaults } from "./rook-ceph-values.ts";

export interface RookCephArgs {
  readonly place: ChartPlace;
  readonly options: Sized<RookCephOptions>;
  /** Nodes that pods may run on: copies stand on different ones. */
  readonly nodes: number;
  readonly page: PageSettings;
  /** The system `monitoring`; undefined where it is off. */
  readonly monitoring: Pick<ChartSystem, "charts" | "namespace"> | undefined;
}

/** Ports that the nodes' kernels connect to: the monitors', and those that OSDs and servers of metadata choose among. */
const portsFromNodes = [
  { first: 3300, last: 3300 },
  { first: 6789, last: 6789 },
  { first: 6800, last: 7568 },
] as const;

/** Ports of the metrics: the managers', and those of the exporter on each node. */
const metrics = {
  manager: { name: "http-metrics", number: 9283 },
  exporter: { name: "ceph-exporter-http-metrics", number: 9926 },
} as const;

/** Ceph's own page knows this account. */
const administrator = "admin";

/**
 * Rook Ceph: volumes for one pod (`rook-ceph-block`) and for many (`rook-ceph-clusterfs`), and S3 if wanted, with copies on different
 * nodes. Rook looks after the cluster, and the CSI operator after the drivers.
 */
export class RookCeph extends ChartSystem {
  /** Names of the storage classes that it makes. */
  readonly storageClasses: { readonly block: pulumi.Output<string>; readonly shared: pulumi.Output<string> };
  /** Address of Ceph's page; undefined on a cluster without ingress. */
  readonly url: pulumi.Output<string> | undefined;
  /** Password of the page's administrator, by account; secret. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>> | undefined;

  constructor(args: RookCephArgs) {
    super({ name: "rook-ceph", layer: "storage" }, args.place);
    const { options } = args;
    const shape: CephShape = { size: options.size, options, nodes: args.nodes };
    this.install("rook-ceph", { values: rookCephValues(shape), rendering: rookCephRendering(shape) });
    this.#openEdges();
    this.#installDrivers(shape);
    const disks = this.#createDisks(options);
    const accounts = this.#createAccounts(args);
    const cluster = this.#createCluster(args, shape, [...disks, ...(accounts ? [accounts.secret] : [])]);
    // What lies in the cluster is no child of it: at the end all go at once, since Rook lets neither go while the other is wanted.
    const block = this.#createBlockPool(args.nodes);
    const shared = this.#createFilesystem(shape);
    this.storageClasses = {
      block: this.#createClass(blockClass, [cluster, block]),
      shared: this.#createClass(sharedClass, [cluster, ...shared]),
    };
    if (options.objectStore) this.#createClass(bucketClass, [cluster, this.#createObjectStore(shape)]);
    this.accounts = accounts?.passwords;
    this.url = this.#publish(args, cluster);
    if (args.monitoring) this.#monitor(args.monitoring);
    this.registerOutputs();
  }

  #openEdges(): void {
    this.openEdges({ from: [], to: [...toApiServer] });
    innerTraffic(
      "rook-ceph-inside",
      { metadata: this.metadata("rook-ceph-inside"), fromNodes: portsFromNodes },
      { parent: this },
    );
  }

  #installDrivers(shape: CephShape): void {
    const defaults = this.customResource<DriverDefaults>("ceph-csi-operator-config", {
      kind: "csi.ceph.io/v1/OperatorConfig",
      name: "ceph-csi-operator-config",
      spec: driverDefaults(shape),
    });
    this.install("ceph-csi-drivers", {
      values: driversValues(),
      rendering: driversRendering(shape.size),
      dependsOn: [defaults],
    });
  }

  #createDisks({ disks }: RookCephOptions): pulumi.Resource[] {
    if (disks.kind !== "files") return [];
    const name = "rook-ceph-files";
    const args = { metadata: this.metadata(name, name), image: cephImage, size: disks.size };
    return [cephFiles(name, args, { parent: this })];
  }

  /** Rook keeps the password that it finds. */
  #createAccounts({ page }: RookCephArgs) {
    if (!page.ingress) return undefined;
    const password = generatedPassword("ceph-administrator", { parent: this }).result;
    const secret = secretObject(
      "rook-ceph-dashboard-password",
      this.metadata("rook-ceph-dashboard-password"),
      password.apply((text) => ({ password: text })),
      { parent: this },
    );
    const passwords = pulumi.secret(
      password.apply((text): Readonly<Record<string, string>> => ({ [administrator]: text })),
    );
    return { secret, passwords };
  }

  #createCluster(
    { monitoring, nodes, options, page }: RookCephArgs,
    shape: CephShape,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const settings = {
      ...shape,
      nodes,
      hasPage: page.ingress !== undefined,
      isMonitored: monitoring !== undefined,
      teardown: options.teardown,
    };
    return this.customResource<CephClusterSpec>("ceph-cluster", {
      kind: "ceph.rook.io/v1/CephCluster",
      name: cephNames.cluster,
      spec: cephClusterSpec(settings),
      dependsOn,
    });
  }

  #createBlockPool(nodes: number): pulumi.Resource {
    return this.customResource<ReturnType<typeof cephPool>>("ceph-block-pool", {
      kind: "ceph.rook.io/v1/CephBlockPool",
      name: cephNames.blockPool,
      spec: cephPool(nodes),
    });
  }

  /** The file system, and within it the place for volumes. */
  #createFilesystem(shape: CephShape): pulumi.Resource[] {
    const filesystem = this.customResource<ReturnType<typeof cephFilesystemSpec>>("ceph-filesystem", {
      kind: "ceph.rook.io/v1/CephFilesystem",
      name: cephNames.filesystem,
      spec: cephFilesystemSpec(shape),
    });
    const group = this.customResource<{ readonly name: string; readonly filesystemName: string }>(
      "ceph-filesystem-csi",
      {
        kind: "ceph.rook.io/v1/CephFilesystemSubVolumeGroup",
        name: `${cephNames.filesystem}-csi`,
        spec: { name: "csi", filesystemName: cephNames.filesystem },
      },
    );
    return [filesystem, group];
  }

  #createObjectStore(shape: CephShape): pulumi.Resource {
    return this.customResource<ReturnType<typeof cephObjectStoreSpec>>("ceph-object-store", {
      kind: "ceph.rook.io/v1/CephObjectStore",
      name: cephNames.objectStore,
      spec: cephObjectStoreSpec(shape),
    });
  }

  #createClass(
    { isExpandable, name, parameters, provisioner }: CephClass,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Output<string> {
    return new kubernetes.storage.v1.StorageClass(
      name,
      {
        metadata: { name, labels: this.labels() },
        provisioner,
        parameters: { ...parameters },
        reclaimPolicy: "Delete",
        volumeBindingMode: "Immediate",
        ...(isExpandable && { allowVolumeExpansion: true }),
      },
      { parent: this, dependsOn: [...dependsOn] },
    ).metadata.name;
  }

  #publish({ page, place }: RookCephArgs, cluster: pulumi.Resource): pulumi.Output<string> | undefined {
    const { ingress } = page;
    if (!ingress) return undefined;
    const pods = { app: "rook-ceph-mgr", mgr_role: "active" };
    return publishedPage(
      "ceph-page",
      {
        settings: { ...page, ingress },
        metadata: this.metadata("ceph-page"),
        port: cephDashboardPort,
        pods: labelsOfPods(place, "rook-ceph", "rook-ceph-mgr", pods),
      },
      { parent: this, dependsOn: [cluster] },
    );
  }

  #monitor(monitoring: NonNullable<RookCephArgs["monitoring"]>): void {
    for (const [part, service] of [
      ["manager", "rook-ceph-mgr"],
      ["exporter", "rook-ceph-exporter"],
    ] as const) {
      serviceMonitor(
        service,
        {
          monitoring,
          metadata: this.metadata(service),
          selector: { app: service },
          port: metrics[part],
        },
        { parent: this },
      );
    }
    dashboard(
      "ceph",
      { monitoring, metadata: this.metadata("ceph"), dashboard: cephDashboard },
      { parent: this },
    );
  }
}
