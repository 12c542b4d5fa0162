import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageOf } from "../../charts/lock.ts";
import { checksum } from "../../kit/checksum.ts";
import { podTemplate, probeBoth, type ContainerArgs } from "../../kit/container.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { WebService } from "../../kit/web-service.ts";
import { bucketsScript } from "./files.ts";
import { objectStoreResources, type ObjectStoreReplicas } from "./rendering.ts";
import { partLabels, securityFolder, securitySecret, seaweedfsPorts, seaweedfsUser } from "./values.ts";

const system = "object-store";

/** Port of the S3 gateway, the one that the users' programs expect. */
export const gatewayPort = 9000;

interface GatewayArgs {
  readonly metadata: ObjectMetadata;
  readonly replicas: number;
  /** Secret with the users and their rights. */
  readonly identities: kubernetes.core.v1.Secret;
}

/** The chart's own image, pinned by the charts' lock. */
export const image = imageOf("seaweedfs", "seaweedfs");

const identitiesFolder = "/etc/object-store";
/** The file of the gateway's users, in the Secret of the same name. */
export const identitiesKey = "identities.json";

export const securityVolume = {
  name: "security",
  secret: { secretName: securitySecret, defaultMode: 0o440 },
};
export const securityMount = { name: "security", mountPath: securityFolder, readOnly: true };
export const temporaryVolume = { name: "tmp", emptyDir: {} };
export const temporaryMount = { name: "tmp", mountPath: "/tmp" };

/** The filer, which knows the objects by their names. */
export function filerOf(namespace: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`seaweedfs-filer-client.${namespace}:${seaweedfsPorts.filer}`;
}

/** The S3 gateway: as many pods as one likes, which keep nothing. */
export function createGateway(
  name: string,
  args: GatewayArgs,
  options: pulumi.ComponentResourceOptions & { readonly parent: pulumi.Resource },
): WebService {
  return new WebService(
    name,
    {
      system,
      metadata: args.metadata,
      user: seaweedfsUser,
      replicas: args.replicas,
      port: gatewayPort,
      checksum: checksum(args.identities.data),
      container: {
        name: "gateway",
        image,
        command: ["/usr/bin/weed"],
        args: [
          "-logtostderr=true",
          "s3",
          "-ip.bind=0.0.0.0",
          `-port=${gatewayPort}`,
          `-metricsPort=${seaweedfsPorts.metrics}`,
          `-config=${identitiesFolder}/${identitiesKey}`,
          "-filer=$(FILER)",
          // Catalogues of tables, which nobody asked for.
          "-port.iceberg=0",
          "-port.lance=0",
        ],
        env: [{ name: "FILER", value: filerOf(args.metadata.namespace) }],
        ports: { http: gatewayPort, metrics: seaweedfsPorts.metrics },
        resources: objectStoreResources.gateway,
        mounts: [
          securityMount,
          temporaryMount,
          { name: "identities", mountPath: identitiesFolder, readOnly: true },
        ],
        probes: probeBoth({ httpGet: { path: "/healthz", port: "http" } }),
      },
      volumes: [
        securityVolume,
        temporaryVolume,
        { name: "identities", secret: { secretName: args.identities.metadata.name, defaultMode: 0o440 } },
      ],
    },
    options,
  );
}

/** A Job that makes the buckets which are missing. It is made anew, and runs again, when their list changes. */
export function createBuckets(
  name: string,
  { buckets, metadata }: { readonly metadata: ObjectMetadata; readonly buckets: readonly string[] },
  options: pulumi.CustomResourceOptions,
): kubernetes.batch.v1.Job {
  return new kubernetes.batch.v1.Job(
    name,
    {
      metadata,
      spec: {
        // Tried again after 10, 20, 40… seconds: for some minutes after a node has gone, there may be no leader.
        backoffLimit: 6,
        template: podTemplate({
          labels: metadata.labels,
          user: seaweedfsUser,
          restartPolicy: "Never",
          containers: [bucketsContainer(buckets, metadata)],
          volumes: [securityVolume, temporaryVolume],
        }),
      },
    },
    options,
  );
}

function bucketsContainer(buckets: readonly string[], { namespace }: ObjectMetadata): ContainerArgs {
  const master = pulumi.interpolate`seaweedfs-master.${namespace}:${seaweedfsPorts.master}`;
  return {
    name: "buckets",
    image,
    command: ["/bin/sh", "-euc"],
    args: [bucketsScript(buckets, '/usr/bin/weed shell -master="$MASTER" -filer="$FILER"')],
    env: [
      { name: "MASTER", value: master },
      { name: "FILER", value: filerOf(namespace) },
    ],
    resources: bucketsResources,
    mounts: [securityMount, temporaryMount],
  };
}

/** The Job is gone in seconds; its memory is a client's. */
const bucketsResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const;

/** Lets a node be emptied only while each part has its other pods. */
export function limitDisruption(
  replicas: ObjectStoreReplicas,
  metadata: (name: string) => ObjectMetadata,
  options: pulumi.CustomResourceOptions,
): void {
  for (const part of ["master", "volume"] as const) {
    if (replicas[part] === 1) continue;
    const name = `seaweedfs-${part}`;
    new kubernetes.policy.v1.PodDisruptionBudget(
      name,
      {
        metadata: metadata(name),
        spec: { maxUnavailable: 1, selector: { matchLabels: partLabels(part) } },
      },
      options,
    );
  }
}
