import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../kit/checksum.ts";
import { podTemplate, probeBoth } from "../../kit/container.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { networkAccess } from "../../kit/network-access.ts";
import { portOf } from "../../kit/port-of.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { replicationFile, type CopyTarget } from "./files.ts";
import type { CopyMode } from "./options.ts";
import { filerOf, image, securityMount, securityVolume, temporaryMount, temporaryVolume } from "./pods.ts";
import { objectStoreResources } from "./rendering.ts";
import type { S3Keys } from "./users.ts";
import { seaweedfsUser } from "./values.ts";

/** An S3 service that objects are copied to, and the keys for it. */
export type CopyAccess = CopyTarget & { readonly keys: pulumi.Output<S3Keys> };

/** Where the store's programs look for `replication.toml`. */
const replicationFolder = "/etc/seaweedfs";

interface CopyArgs {
  readonly metadata: ObjectMetadata;
  readonly target: CopyAccess;
  readonly mode: CopyMode;
  /** The Secret of the store's trust, whose generated parts make a checksum of the target's keys safe to publish. */
  readonly trust: kubernetes.core.v1.Secret;
}

/**
 * Copies objects to another S3 service, at most some minutes after they are written, and goes on where it stopped: it remembers in the store
 * how far it came.
 */
export function createCopy(
  name: string,
  { metadata, mode, target, trust }: CopyArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] },
): void {
  const { parent } = options;
  const { keys, ...place } = target;
  const replication = secretObject(
    name,
    metadata,
    keys.apply((known) => ({ "replication.toml": replicationFile(place, known, mode) })),
    { parent },
  );
  createDeployment(
    name,
    { metadata, replication, checksum: checksum(trust.data, replication.data) },
    options,
  );
  networkAccess(
    name,
    {
      metadata,
      selector: selectorLabels("object-store", name),
      from: [],
      to: [{ peer: { kind: "world" }, port: portOf(target.endpoint) }],
    },
    { parent },
  );
}

function createDeployment(
  name: string,
  args: {
    readonly metadata: ObjectMetadata;
    readonly replication: kubernetes.core.v1.Secret;
    readonly checksum: pulumi.Output<string>;
  },
  options: pulumi.CustomResourceOptions,
): void {
  const selector = selectorLabels("object-store", name);
  new kubernetes.apps.v1.Deployment(
    name,
    {
      metadata: args.metadata,
      spec: {
        replicas: 1,
        // Two at once would each write everything.
        strategy: { type: "Recreate" },
        selector: { matchLabels: selector },
        template: podTemplate({
          labels: args.metadata.labels,
          selector,
          user: seaweedfsUser,
          checksum: args.checksum,
          containers: [
            {
              name: "copy",
              image,
              command: ["/usr/bin/weed"],
              args: ["-logtostderr=true", "filer.backup", "-filer=$(FILER)", "-filerPath=/buckets"],
              env: [{ name: "FILER", value: filerOf(args.metadata.namespace) }],
              ports: {},
              resources: objectStoreResources.copy,
              mounts: [
                securityMount,
                temporaryMount,
                { name: "replication", mountPath: replicationFolder, readOnly: true },
              ],
              // It serves nothing: all that can be asked is whether it runs.
              probes: probeBoth({ exec: { command: ["pidof", "weed"] } }),
            },
          ],
          volumes: [
            securityVolume,
            temporaryVolume,
            {
              name: "replication",
              secret: { secretName: args.replication.metadata.name, defaultMode: 0o440 },
            },
          ],
        }),
      },
    },
    options,
  );
}
