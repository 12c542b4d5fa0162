import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Pool } from "../../config/sections/pools.ts";
import type { Size } from "../../config/systems.ts";
import { toApiServer } from "../kit/api-server-access.ts";
import { ChartSystem } from "../kit/chart-system.ts";
import type { ChartPlace, ChartValues } from "../kit/chart.ts";
import { secretObject } from "../kit/secret-object.ts";
import { hcloudCsiRendering, hcloudCsiReplicas, hcloudCsiResources } from "./hcloud-csi-rendering.ts";

export interface HcloudCsiArgs {
  readonly place: ChartPlace;
  readonly size: Size;
  /** The cluster's name: volumes carry it as a label. */
  readonly cluster: string;
  /** Hetzner's API token; without it, somebody else makes the Secret. */
  readonly token: pulumi.Output<string> | undefined;
  /** Location of volumes that wait for no pod. @default that of a node, as Hetzner's API tells */
  readonly location: string | undefined;
}

/** The class of Hetzner's volumes. */
export const hcloudStorageClass = "hcloud-volumes";

/** Secret with the token, and the key in it; both are the chart's defaults. */
const tokenSecret = { name: "hcloud", key: "token" } as const;

/** The address at which every server at Hetzner finds out which one it is. */
const metadataService = { peer: { kind: "world" }, port: 80 } as const;

/**
 * Volumes of Hetzner Cloud, from 10 GiB, each for one node at a time in its location: a pod that moves to another node takes its volume
 * with it. The driver asks Hetzner's metadata service which server a node is, so that it needs no cloud controller, and neither touches
 * nodes nor reads their names.
 */
export class HcloudCsi extends ChartSystem {
  /** The class of its volumes, known once the driver is there. */
  readonly storageClass: pulumi.Output<string>;

  constructor(args: HcloudCsiArgs) {
    super({ name: "cloud-volumes", layer: "storage" }, args.place);
    const { token } = args;
    const secret =
      token &&
      secretObject(
        "hcloud-token",
        this.metadata(tokenSecret.name),
        token.apply((text) => ({ [tokenSecret.key]: text })),
        { parent: this },
      );
    this.install("hcloud-csi", {
      values: hcloudCsiValues(args),
      rendering: hcloudCsiRendering(args.size),
      dependsOn: secret ? [secret] : [],
    });
    this.openEdges({ from: [], to: [...toApiServer, metadataService] });
    this.storageClass = this.#createClass();
    this.registerOutputs({ storageClass: this.storageClass });
  }

  /** Not Kubernetes' default class: the roles of storage decide which one is taken. */
  #createClass(): pulumi.Output<string> {
    return new kubernetes.storage.v1.StorageClass(
      hcloudStorageClass,
      {
        metadata: { name: hcloudStorageClass, labels: this.labels() },
        provisioner: "csi.hetzner.cloud",
        reclaimPolicy: "Delete",
        // A volume is made in the location of the node that its pod is sent to.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      },
      { parent: this, dependsOn: [...this.charts] },
    ).metadata.name;
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
      replicaCount: hcloudCsiReplicas(size),
      resources: hcloudCsiResources.controller,
      hcloudToken: { existingSecret: { ...tokenSecret } },
      ...(location !== undefined && { hcloudVolumeDefaultLocation: location }),
      volumeExtraLabels: { "uap.dev/cluster": cluster },
      podSecurityContext: {
        enabled: true,
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        fsGroup: 65532,
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
    node: { resources: hcloudCsiResources.node },
    storageClasses: [],
  };
}

/**
 * Why these nodes cannot have Hetzner's volumes, if they cannot. A cluster that runs already is taken at its owner's word: its nodes are
 * not known.
 */
export function complainAboutNodes(pools: readonly Pick<Pool, "name" | "cloud">[]): string | undefined {
  const foreign = pools.filter(({ cloud }) => cloud !== "hetzner");
  if (foreign.length === 0) return undefined;
  const list = foreign.map(({ name, cloud }) => `${name} (${cloud})`).join(", ");
  return [
    "Hetzner's volumes (`cloud-volumes`) can only be attached to servers at Hetzner, and a pod with one could be sent to any node,",
    `but these pools are elsewhere: ${list}.`,
    "Write `cloud-volumes: false` under uap:platform.systems, and switch on longhorn or rook-ceph in its place.",
  ].join(" ");
}
