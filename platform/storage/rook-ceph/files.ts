import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { parseQuantity, type Quantity } from "../../../config/quantities.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { fileDevice } from "./cluster.ts";
import { fileKeeper } from "./resources.ts";

export interface CephFilesArgs {
  readonly metadata: ObjectMetadata;
  readonly image: string;
  /** Size of the file on each node. */
  readonly size: Quantity;
}

/** Where the file lies, on the node. */
const folder = "/var/lib/uap/ceph";

/**
 * Makes a file on each node, and a disk of it for Ceph, after each restart of the node too. The file has its space from the beginning: an
 * OSD whose writes fail would be lost, and Ceph knows what to do when its own disks fill. It stays when the pods go, like a disk.
 */
export function cephFiles(
  name: string,
  { image, metadata, size }: CephFilesArgs,
  options: { readonly parent: pulumi.Resource },
): kubernetes.apps.v1.DaemonSet {
  const { labels } = metadata;
  const matchLabels = {
    "app.kubernetes.io/name": labels["app.kubernetes.io/name"] ?? "",
    "app.kubernetes.io/instance": labels["app.kubernetes.io/instance"] ?? "",
  };
  const isThere = { exec: { command: ["losetup", fileDevice] } };
  return new kubernetes.apps.v1.DaemonSet(
    name,
    {
      metadata,
      spec: {
        selector: { matchLabels },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: "system-node-critical",
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: "files",
                image,
                command: ["sh", "-euc", filesScript(size)],
                resources: fileKeeper,
                readinessProbe: { ...isThere, periodSeconds: 5 },
                livenessProbe: { ...isThere, periodSeconds: 60, initialDelaySeconds: 30 },
                // Disks are the kernel's: nothing less may make one.
                securityContext: { privileged: true, readOnlyRootFilesystem: true },
                volumeMounts: [
                  { name: "files", mountPath: folder },
                  { name: "devices", mountPath: "/dev" },
                ],
              },
            ],
            volumes: [
              { name: "files", hostPath: { path: folder, type: "DirectoryOrCreate" } },
              { name: "devices", hostPath: { path: "/dev", type: "Directory" } },
            ],
          },
        },
      },
    },
    options,
  );
}

/** Does nothing twice: neither a file nor a disk that is there is touched. */
export function filesScript(size: Quantity): string {
  return [
    `file=${folder}/disk`,
    `device=${fileDevice}`,
    // Under another name until its space is all there: a file that is cut short must not become a disk.
    'if [ ! -e "$file" ]; then',
    `  fallocate --length ${parseQuantity(size)} "$file.new"`,
    '  mv "$file.new" "$file"',
    "fi",
    'losetup "$device" || losetup "$device" "$file"',
    "trap 'exit 0' TERM",
    "sleep infinity &",
    "wait",
    "",
  ].join("\n");
}
