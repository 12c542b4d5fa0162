import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../config/systems.ts";
import { toApiServer } from "../kit/api-server-access.ts";
import { ChartSystem } from "../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../kit/chart.ts";
import { nfsRendering, nfsReplicas, nfsResources } from "./nfs-rendering.ts";

export interface NfsArgs {
  readonly place: ChartPlace;
  /** From one controller to one that stands by. */
  readonly size: Size;
  /** Host name or address of the NFS server. */
  readonly server: string;
  /** Directory that it exports. */
  readonly share: string;
}

/** Port of NFS 4, the only one that it needs. */
const nfsPort = 2049;

/** Volumes for many pods, as directories of an NFS server that is there already. */
export class Nfs extends ChartSystem {
  /** Name of the storage class. */
  readonly storageClass: pulumi.Output<string>;

  constructor(args: NfsArgs) {
    super({ name: "nfs", layer: "storage" }, args.place);
    this.install("csi-driver-nfs", { values: nfsValues(args.size), rendering: nfsRendering(args.size) });
    this.storageClass = this.#createClass(args);
    this.openEdges({ from: [], to: [...toApiServer, { peer: { kind: "world" }, port: nfsPort }] });
    this.registerOutputs();
  }

  #createClass(args: NfsArgs): pulumi.Output<string> {
    return new kubernetes.storage.v1.StorageClass(
      "nfs",
      {
        metadata: { name: "nfs", labels: this.labels() },
        provisioner: "nfs.csi.k8s.io",
        parameters: nfsParameters(args),
        mountOptions: ["nfsvers=4.1", "hard"],
        reclaimPolicy: "Delete",
        volumeBindingMode: "Immediate",
        allowVolumeExpansion: true,
      },
      { parent: this, dependsOn: [...this.charts] },
    ).metadata.name;
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
