import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { podTemplate } from "../../kit/container.ts";
import { curlUser } from "../../kit/curl.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { networkAccess, type NetworkEdge, type Peer } from "../../kit/network-access.ts";
import { portOf } from "../../kit/port-of.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import {
  copyCheckFolders,
  copyCheckScript,
  copyFolder,
  markerSource,
  signingFile,
} from "./copy-check-files.ts";
import type { CopyAccess } from "./copy.ts";
import { region } from "./keys.ts";
import type { CopyMode } from "./options.ts";
import { temporaryMount, temporaryVolume } from "./pods.ts";
import { objectStoreResources } from "./rendering.ts";
import type { S3Keys } from "./users.ts";

/** Name of the CronJob, and the beginning of its Jobs' names. */
export const copyCheckName = "object-store-copy-check";

/** Seconds: objects arrive within some minutes, and it takes two attempts that do not see it to raise the alarm. */
const times = { patience: 600, pause: 10 } as const;
/** Seconds after which a Job has failed, whatever it waits for. */
const longestCheck = 2400;
/** Seconds for which a Job that has ended is kept: until the next one has ended too, so that an alert neither flickers nor stays. */
const kept = 3600 + longestCheck;

interface CopyCheckArgs {
  readonly metadata: ObjectMetadata;
  /** Image with `curl` and a shell. */
  readonly image: string;
  readonly mode: CopyMode;
  /** URL of the store inside the cluster, its pods, and the keys of the check's own user. */
  readonly source: {
    readonly endpoint: pulumi.Output<string>;
    readonly edge: NetworkEdge;
    readonly keys: pulumi.Output<S3Keys>;
  };
  readonly target: CopyAccess;
}

/** The check's pods, which the store has to let in. */
export function copyCheckPods(namespace: pulumi.Input<string>): Peer {
  return { kind: "pods", namespace, selector: selectorLabels("object-store", copyCheckName) };
}

/**
 * Sees every hour that objects are still copied. The program that copies them cannot be asked: what it cannot write it tries again, for
 * ever, and says so only in its log.
 *
 * @param options `dependsOn` names what makes the bucket
 */
export function createCopyCheck(
  { image, metadata, mode, source, target }: CopyCheckArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] },
): void {
  const { parent } = options;
  const keys = secretObject(
    copyCheckName,
    metadata,
    pulumi.all([source.keys, target.keys]).apply(([ofSource, ofTarget]) => ({
      source: signingFile(ofSource, region),
      target: signingFile(ofTarget, target.region),
    })),
    { parent },
  );
  networkAccess(
    copyCheckName,
    {
      metadata,
      selector: selectorLabels("object-store", copyCheckName),
      from: [],
      to: [source.edge, { peer: { kind: "world" }, port: portOf(target.endpoint) }],
    },
    { parent },
  );
  const container = {
    name: "check",
    image,
    command: ["/bin/sh", "-euc"],
    args: [copyCheckScript(mode, times)],
    env: [
      { name: "SOURCE", value: source.endpoint.apply(markerSource) },
      { name: "TARGET", value: copyFolder(target) },
    ],
    resources: objectStoreResources.copyCheck,
    mounts: [temporaryMount, { name: "keys", mountPath: copyCheckFolders.keys, readOnly: true }],
  };
  new kubernetes.batch.v1.CronJob(
    copyCheckName,
    {
      metadata,
      spec: {
        schedule: "7 * * * *",
        concurrencyPolicy: "Forbid",
        jobTemplate: {
          spec: {
            backoffLimit: 1,
            activeDeadlineSeconds: longestCheck,
            ttlSecondsAfterFinished: kept,
            template: podTemplate({
              labels: metadata.labels,
              user: curlUser,
              restartPolicy: "Never",
              containers: [container],
              volumes: [
                temporaryVolume,
                { name: "keys", secret: { secretName: keys.metadata.name, defaultMode: 0o440 } },
              ],
            }),
          },
        },
      },
    },
    options,
  );
}
