import type * as pulumi from "@pulumi/pulumi";
import type { Sized } from "../../../config/systems.ts";
import type { NodeSize } from "../../../infra/sizing/fit.ts";
import { toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem, type Declaration, type Readiness } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { innerTraffic } from "../inner-traffic.ts";
import { labelsOfPods, publishedPage, type PageSettings } from "../page.ts";
import { blockClass, bucketClass, cephNames, sharedClass, type CephClass } from "./classes.ts";
import {
  cephClusterSpec,
  cephDashboardPort,
  cephFilesystemSpec,
  cephObjectStoreSpec,
  cephPool,
  managersPool,
  type CephClusterSpec,
} from "./cluster.ts";
import { createAdministrator, passwordSecret } from "./administrator.ts";
import { awaitCleanup } from "./cleanup.ts";
import { cephFiles } from "./files.ts";
import { fileSizeOn } from "./room.ts";
import { watchCeph } from "./monitoring.ts";
import type { RookCephOptions } from "./options.ts";
import { cephImage, driversRendering, rookCephRendering, type CephShape } from "./rendering.ts";
import { driverDefaults, driversValues, rookCephValues, type DriverDefaults } from "./values.ts";
import { createStorageClass } from "../storage-class.ts";
import { createToolbox, toolboxName } from "./toolbox.ts";

export interface RookCephArgs {
  readonly place: ChartPlace;
  readonly options: Sized<RookCephOptions>;
  /** Nodes that pods may run on: copies stand on different ones. */
  readonly nodes: readonly NodeSize[];
  readonly page: PageSettings;
  /** Whether the classes may not be deleted. */
  readonly isProtected: boolean;
  /** The system `monitoring`; undefined where it is off. */
  readonly monitoring: Pick<ChartSystem, "charts" | "namespace"> | undefined;
}

/** Ports that the nodes' kernels connect to: the monitors', and those that OSDs and servers of metadata choose among. */
const portsFromNodes = [
  { first: 3300, last: 3300 },
  { first: 6789, last: 6789 },
  { first: 6800, last: 7568 },
] as const;

/** Port of the pods that serve S3, behind port 80 of their Service. */
const gatewayPort = 8080;

/** Until then nobody gets a volume: images are pulled, monitors and OSDs start one after the other. */
const readiness: Readiness = { when: "jsonpath={.status.phase}=Ready", within: "30m" };

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
  readonly #isProtected: boolean;
  readonly #teardown: boolean;

  constructor(args: RookCephArgs) {
    super({ name: "rook-ceph", layer: "storage" }, args.place);
    const { options, place } = args;
    this.#teardown = options.teardown;
    // Without the teardown, one volume that is left would hold up a destroy for ever: no plan gets that far.
    this.#isProtected = args.isProtected || (!options.teardown && place.charts.source !== "facts");
    const shape: CephShape = { size: options.size, options, nodes: args.nodes.length };
    this.install("rook-ceph", { values: rookCephValues(shape), rendering: rookCephRendering(shape) });
    this.#openEdges(place, options);
    this.#installDrivers(shape);
    const disks = this.#createDisks(args);
    const foundations = [...disks, ...this.#awaitCleanup(options, disks)];
    const account = args.page.ingress && createAdministrator(this.metadata(passwordSecret), { parent: this });
    const cluster = this.#createCluster(args, shape, [...foundations, ...(account ? [account.secret] : [])]);
    // What lies in the cluster is no child of it: at the end all go at once, since Rook lets neither go while the other is wanted.
    const block = this.#createPools(shape);
    const shared = this.#createFilesystem(shape);
    this.storageClasses = {
      block: this.#createClass(blockClass, [cluster, block]),
      shared: this.#createClass(sharedClass, [cluster, ...shared]),
    };
    if (options.objectStore) this.#createClass(bucketClass, [cluster, this.#createObjectStore(shape)]);
    if (options.toolbox) this.#createToolbox(cluster);
    this.accounts = account?.passwords;
    this.url = this.#publish(args, cluster);
    if (args.monitoring) watchCeph(args.monitoring, (name) => this.metadata(name), { parent: this });
    this.registerOutputs();
  }

  #openEdges(place: ChartPlace, { objectStore }: RookCephOptions): void {
    this.openEdges({ from: [], to: [...toApiServer] });
    if (objectStore) {
      // From wherever a program has keys for a bucket: each request is signed.
      const selector = labelsOfPods(place, "rook-ceph", "rook-ceph-rgw", { app: "rook-ceph-rgw" });
      this.openEdges(
        { selector, from: [{ peer: { kind: "world" }, port: gatewayPort }] },
        "rook-ceph-gateway",
      );
    }
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

  #createDisks({ nodes, options: { disks } }: RookCephArgs): pulumi.Resource[] {
    if (disks.kind !== "files") return [];
    const name = "rook-ceph-files";
    const args = {
      metadata: this.metadata(name, name),
      image: cephImage,
      size: fileSizeOn(disks.size, nodes),
    };
    return [cephFiles(name, args, { parent: this })];
  }

  /** At the end with all data, the operators stay until the nodes are clean. */
  #awaitCleanup({ teardown }: RookCephOptions, disks: readonly pulumi.Resource[]): pulumi.Resource[] {
    if (!teardown) return [];
    const name = "rook-ceph-cleanup";
    return [
      awaitCleanup(
        name,
        { metadata: this.metadata(name, name), image: cephImage },
        { parent: this, dependsOn: [...this.charts, ...disks] },
      ),
    ];
  }

  #createCluster(
    { monitoring, options, page }: RookCephArgs,
    shape: CephShape,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const settings = {
      ...shape,
      hasPage: page.ingress !== undefined,
      isMonitored: monitoring !== undefined,
      teardown: options.teardown,
    };
    return this.#create<CephClusterSpec>("ceph-cluster", {
      kind: "ceph.rook.io/v1/CephCluster",
      name: cephNames.cluster,
      spec: cephClusterSpec(settings),
      dependsOn,
    });
  }

  /** The managers' own pool, and the one of volumes for one pod. */
  #createPools({ nodes }: CephShape): pulumi.Resource {
    const kind = "ceph.rook.io/v1/CephBlockPool";
    this.#create("ceph-managers-pool", { kind, name: "builtin-mgr", spec: managersPool(nodes) });
    return this.#create("ceph-block-pool", { kind, name: cephNames.blockPool, spec: cephPool(nodes) });
  }

  /** The file system, and within it the place for volumes. */
  #createFilesystem(shape: CephShape): pulumi.Resource[] {
    const { filesystem } = cephNames;
    return [
      this.#create("ceph-filesystem", {
        kind: "ceph.rook.io/v1/CephFilesystem",
        name: filesystem,
        spec: cephFilesystemSpec(shape),
      }),
      this.#create("ceph-filesystem-csi", {
        kind: "ceph.rook.io/v1/CephFilesystemSubVolumeGroup",
        name: `${filesystem}-csi`,
        spec: { name: "csi", filesystemName: filesystem },
      }),
    ];
  }

  #createObjectStore(shape: CephShape): pulumi.Resource {
    return this.#create("ceph-object-store", {
      kind: "ceph.rook.io/v1/CephObjectStore",
      name: cephNames.objectStore,
      spec: cephObjectStoreSpec(shape),
    });
  }

  #createToolbox(cluster: pulumi.Resource): void {
    const metadata = this.metadata(toolboxName, toolboxName);
    createToolbox({ metadata, image: cephImage }, { parent: this, dependsOn: [cluster] });
  }

  /** Something that Rook makes; at the end with all data, when it looks after nothing, nobody waits for it. */
  #create<Spec>(name: string, declaration: Declaration<Spec>): pulumi.Resource {
    return this.customResource<Spec>(name, {
      ...declaration,
      ...(!this.#teardown && { readiness }),
    });
  }

  #createClass(settings: CephClass, dependsOn: readonly pulumi.Resource[]): pulumi.Output<string> {
    return createStorageClass(
      { ...settings, labels: this.labels(), isProtected: this.#isProtected },
      { parent: this, dependsOn },
    );
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
}
