import { systemOptions } from "../../config/systems.ts";
import { built, planned, type CatalogueRows } from "../catalogue-row.ts";
import { chartBudget } from "../charts/rendering.ts";
import { curlImage } from "../kit/curl.ts";
import { cloudVolumesOptions, needsCloudWithVolumes } from "./cloud-volumes/options.ts";
import { hcloudCsiRendering } from "./cloud-volumes/hcloud-csi-rendering.ts";
import { longhornOptions } from "./longhorn/options.ts";
import { longhornContainers, longhornRendering } from "./longhorn/rendering.ts";
import { nfsOptions } from "./nfs/options.ts";
import { nfsRendering } from "./nfs/rendering.ts";
import { objectStoreOptions } from "./object-store/options.ts";
import { objectStoreBudget } from "./object-store/rendering.ts";
import { rookCephOptions } from "./rook-ceph/options.ts";
import { cephImage, rookCephBudget } from "./rook-ceph/rendering.ts";

/** The systems of the storage layer, in the order in which they are deployed. */
export const storageRows = {
  "cloud-volumes": built({
    layer: "storage",
    title: "Volumes of the cloud (CSI)",
    purpose: "block volumes of Hetzner, DigitalOcean or AWS, on clusters whose nodes are all at one of them",
    form: "chart",
    // At Hetzner; the other two have the drivers' own images.
    charts: ["hcloud-csi"],
    licence: "MIT AND Apache-2.0",
    namespace: "cloud-volumes",
    // Disks are formatted and mounted on the node.
    podSecurity: "privileged",
    needs: ["namespaces"],
    requires: needsCloudWithVolumes,
    images: {
      digitalocean: "docker.io/digitalocean/do-csi-plugin:v4.16.0",
      aws: "registry.k8s.io/provider-aws/aws-ebs-csi-driver:v1.63.1",
    },
    options: cloudVolumesOptions,
    // The same for the other drivers, which have the same side-cars.
    budget: ({ size }) => chartBudget("hcloud-csi", hcloudCsiRendering(size)),
  }),
  "local-path": built({
    layer: "storage",
    title: "Local path provisioner",
    purpose: "volumes on a node's own disk: fast, and lost with the node; comes with k3s",
    form: "native",
    licence: "Apache-2.0",
    needs: [],
    options: systemOptions({}),
    budget: () => ({ cpu: "0", memory: "0Ki" }),
  }),
  "rook-ceph": built({
    layer: "storage",
    title: "Rook Ceph",
    purpose: "replicated block and shared volumes on the nodes' disks, and S3 if switched on",
    form: "chart",
    charts: ["rook-ceph", "ceph-csi-drivers"],
    licence: "Apache-2.0 AND LGPL-2.1-or-later",
    namespace: "rook-ceph",
    podSecurity: "privileged",
    service: "ceph",
    needs: ["namespaces"],
    images: { ceph: cephImage },
    options: rookCephOptions,
    budget: ({ size, ...options }) => rookCephBudget(size, options),
  }),
  longhorn: built({
    layer: "storage",
    title: "Longhorn",
    purpose: "block volumes on the nodes' own disks, replicated to other nodes",
    form: "chart",
    charts: ["longhorn"],
    licence: "Apache-2.0",
    namespace: "longhorn-system",
    podSecurity: "privileged",
    containers: longhornContainers,
    service: "longhorn",
    needs: ["namespaces"],
    options: longhornOptions,
    budget: ({ size }) => chartBudget("longhorn", longhornRendering(size)),
  }),
  nfs: built({
    layer: "storage",
    title: "NFS volumes",
    purpose: "shared volumes on an existing NFS server",
    form: "chart",
    charts: ["csi-driver-nfs"],
    licence: "Apache-2.0",
    namespace: "nfs",
    podSecurity: "privileged",
    needs: ["namespaces"],
    options: nfsOptions,
    example: { server: "nfs.example.org" },
    budget: ({ size }) => chartBudget("csi-driver-nfs", nfsRendering(size)),
  }),
  "object-store": built({
    layer: "storage",
    title: "SeaweedFS",
    purpose: "S3 object store, under the host names that MinIO had",
    form: "chart",
    charts: ["seaweedfs"],
    licence: "Apache-2.0",
    namespace: "seaweedfs",
    volumes: "block",
    service: "minio",
    needs: ["namespaces"],
    images: { curl: curlImage },
    options: objectStoreOptions,
    budget: objectStoreBudget,
  }),
  "object-events": planned("storage", "Object events"),
} as const satisfies CatalogueRows;
