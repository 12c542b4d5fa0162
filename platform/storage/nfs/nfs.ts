import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../../config/systems.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../../kit/chart.ts";
import { nfsRendering, nfsReplicas, nfsResources } from "./rendering.ts";
import { createStorageClass } from "../storage-class.ts";

export interface NfsArgs {
  readonly place: ChartPlace;
  /** From one controller to one that stands by. */
  readonly size: Size;
  /** Host name or address of the NFS server. */
  readonly server: string;
  /** Directory that it exports. */
  readonly share: string;
  /** Whether the class may not be deleted. */
  readonly isProtected: boolean;
}

/**
 * Volumes for many pods, as directories of an NFS server that is there already. The driver's pods are in their nodes' network, which no
 * policy reaches: it has no edges.
 */
export class Nfs extends ChartSystem {
  /** Name of the storage class. */
  readonly storageClass: pulumi.Output<string>;

  constructor(args: NfsArgs) {
    super({ name: "nfs", layer: "storage" }, args.place);
    this.install("csi-driver-nfs", { values: nfsValues(args.size), rendering: nfsRendering(args.size) });
    this.storageClass = this.#createClass(args);
    this.registerOutputs();
  }

  #createClass(args: NfsArgs): pulumi.Output<string> {
    return createStorageClass(
      {
        name: "nfs",
        labels: this.labels(),
        provisioner: "nfs.csi.k8s.io",
        parameters: nfsParameters(args),
        mountOptions: ["nfsvers=4.1", "hard"],
        isProtected: args.isProtected,
      },
      { parent: this, dependsOn: this.charts },
    );
  }
}

/** The class's parameters: each claim has a directory that people find. The placeholders are the driver's. */
export function nfsParameters({ server, share }: Pick<NfsArgs, "server" | "share">): Record<string, string> {
  return {
    server,
    share,
    subDir: "${pvc.metadata.namespace}/${pvc.metadata.name}-${pv.metadata.name}",
  };
}

/** Values of the chart `csi-driver-nfs`. Snapshots would need definitions that no chart here brings: their sidecar stays off. */
export function nfsValues(size: Size): ChartValues {
  const { driver, sidecar } = nfsResources;
  return {
    controller: {
      replicas: nfsReplicas(size),
      enableSnapshotter: false,
      logLevel: 2,
      resources: {
        csiProvisioner: sidecar,
        csiResizer: sidecar,
        csiSnapshotter: sidecar,
        livenessProbe: sidecar,
        nfs: driver,
      },
    },
    node: {
      logLevel: 2,
      resources: { livenessProbe: sidecar, nodeDriverRegistrar: sidecar, nfs: driver },
    },
  };
}
