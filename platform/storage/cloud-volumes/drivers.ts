import type { types } from "@pulumi/kubernetes";
import { cloudVolumeClasses } from "../../../config/storage-classes.ts";
import { clusterTags } from "../../../infra/clouds/cloud-names.ts";

/** Where the controllers find the cloud's token. */
export const tokenSecret = { name: "cloud-token", key: "token" } as const;

/** Where a driver listens, within its pods. */
export const socketFolder = "/csi";
const endpoint = `--endpoint=unix://${socketFolder}/csi.sock`;

/** What differs from cloud to cloud. */
export interface CsiDriver {
  /** The driver's name in Kubernetes. */
  readonly name: string;
  readonly image: string;
  readonly spec: types.input.storage.v1.CSIDriverSpec;
  readonly storageClass: { readonly name: string; readonly parameters: Readonly<Record<string, string>> };
  readonly controller: { readonly args: string[]; readonly env: types.input.core.v1.EnvVar[] };
  readonly node: { readonly args: string[]; readonly env: types.input.core.v1.EnvVar[] };
  /** A file of the nodes that is in the driver's way: it is removed. @default none */
  readonly unwantedRule?: string;
}

/** What volumes are marked with, and where they are made. */
export interface CsiPlace {
  readonly cluster: string;
  readonly region: string;
}

/**
 * DigitalOcean's block storage, from 1 GiB; seven volumes to a droplet. From the manifests of csi-digitalocean v4.16.0.
 *
 * It takes the token as an argument alone, which the kubelet fills in from the Secret. It asks the metadata service for its droplet, and must
 * for its region: it forgets the one of its flag `--region`.
 */
export function digitalOceanDriver(image: string, { cluster }: CsiPlace): CsiDriver {
  const api = "--url=https://api.digitalocean.com/";
  const tag = clusterTags(cluster).at(-1) ?? "";
  const token = { name: "TOKEN", valueFrom: { secretKeyRef: { ...tokenSecret } } };
  return {
    name: "dobs.csi.digitalocean.com",
    image,
    spec: { attachRequired: true, podInfoOnMount: true },
    storageClass: { name: cloudVolumeClasses.digitalocean, parameters: {} },
    controller: {
      args: [endpoint, api, "--token=$(TOKEN)", "--default-volumes-page-size=200", `--do-tag=${tag}`],
      env: [token],
    },
    node: { args: [endpoint, api], env: [] },
    // It would mount every disk that comes, and the driver would find it busy.
    unwantedRule: "/etc/udev/rules.d/99-digitalocean-automount.rules",
  };
}

/** EBS at AWS, from 1 GiB. From the manifests of aws-ebs-csi-driver v1.63.1. It speaks for the role of the node that it runs on. */
export function ebsDriver(image: string, { cluster, region }: CsiPlace): CsiDriver {
  const nodeName = { name: "CSI_NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } };
  return {
    name: "ebs.csi.aws.com",
    image,
    spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: "File" },
    storageClass: { name: cloudVolumeClasses.aws, parameters: { type: "gp3", encrypted: "true" } },
    controller: {
      args: [
        "controller",
        endpoint,
        "--batching=true",
        `--k8s-tag-cluster-id=${cluster}`,
        `--extra-tags=uap.dev/cluster=${cluster}`,
        "--v=2",
      ],
      env: [nodeName, { name: "AWS_REGION", value: region }],
    },
    node: {
      args: [
        "node",
        endpoint,
        "--metadata-sources=imds",
        "--csi-mount-point-prefix=/var/lib/kubelet/plugins/kubernetes.io/csi/ebs.csi.aws.com/",
        "--v=2",
      ],
      env: [nodeName],
    },
  };
}
