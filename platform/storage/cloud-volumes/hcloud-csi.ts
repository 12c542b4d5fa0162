import type * as pulumi from "@pulumi/pulumi";
import { cloudVolumeClasses } from "../../../config/storage-classes.ts";
import type { Size } from "../../../config/systems.ts";
import { toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../../kit/chart.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { tokenSecret } from "./drivers.ts";
import { controllerReplicas } from "./resources.ts";
import { hcloudCsiRendering, hcloudCsiResources } from "./hcloud-csi-rendering.ts";
import { createStorageClass } from "../storage-class.ts";
import { nonRoot } from "../../kit/security.ts";

export interface HcloudCsiArgs {
  readonly place: ChartPlace;
  readonly size: Size;
  /** The cluster's name: volumes carry it as a label. */
  readonly cluster: string;
  /** Hetzner's API token; without it, somebody else makes the Secret. */
  readonly token: pulumi.Output<string> | undefined;
  /** Location of volumes that wait for no pod. */
  readonly location: string;
  /** Whether the stack's volumes are protected from deletion, and their class with them. */
  readonly isProtected: boolean;
}

/**
 * Volumes of Hetzner Cloud, from 10 GiB, each for one node at a time in its location: a pod that moves to another node takes its volume
 * with it. The driver asks Hetzner's metadata service which server a node is, so that it needs no cloud controller, and neither touches
 * nodes nor reads their names. Since that service is closed to pods, the driver is in its node's network.
 */
export class HcloudCsi extends ChartSystem {
  readonly className = cloudVolumeClasses.hetzner;
  /** The class of its volumes, known once the driver is there. */
  readonly storageClass: pulumi.Output<string>;

  constructor(args: HcloudCsiArgs) {
    super({ name: "cloud-volumes", layer: "storage" }, args.place);
    const { token } = args;
    const secret =
      token &&
      secretObject(
        "cloud-volumes-token",
        this.metadata(tokenSecret.name),
        token.apply((text) => ({ [tokenSecret.key]: text })),
        { parent: this },
      );
    this.install("hcloud-csi", {
      values: hcloudCsiValues(args),
      rendering: hcloudCsiRendering(args.size),
      dependsOn: secret ? [secret] : [],
    });
    this.openEdges({ from: [], to: toApiServer });
    this.storageClass = this.#createClass(args.isProtected);
    this.registerOutputs({ storageClass: this.storageClass });
  }

  /** Not Kubernetes' default class: the roles of storage decide which one is taken. */
  #createClass(isProtected: boolean): pulumi.Output<string> {
    const name = this.className;
    const provisioner = "csi.hetzner.cloud";
    return createStorageClass(
      { name, labels: this.labels(), provisioner, parameters: {}, isProtected, waitsForPod: true },
      { parent: this, dependsOn: this.charts },
    );
  }
}

/** Values of the chart `hcloud-csi`. */
export function hcloudCsiValues({
  cluster,
  location,
  size,
}: Pick<HcloudCsiArgs, "cluster" | "location" | "size">): ChartValues {
  return {
    controller: {
      replicaCount: controllerReplicas(size),
      resources: hcloudCsiResources.controller,
      hcloudToken: { existingSecret: { ...tokenSecret } },
      hcloudVolumeDefaultLocation: location,
      volumeExtraLabels: { "uap.dev/cluster": cluster },
      podSecurityContext: {
        enabled: true,
        ...nonRoot(65532),
        fsGroup: 65532,
      },
    },
    node: { hostNetwork: true, resources: hcloudCsiResources.node },
    storageClasses: [],
  };
}
