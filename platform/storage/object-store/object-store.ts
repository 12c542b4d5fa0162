import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Sized } from "../../../config/systems.ts";
import { alertRules } from "../../kit/alert-rules.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { dashboard } from "../../kit/dashboard.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { podMonitor, type MonitorArgs } from "../../kit/metrics.ts";
import type { Peer } from "../../kit/network-access.ts";
import type { IngressSettings } from "../../kit/public-address.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { createAliases, signedAddress } from "./address.ts";
import { createCopy, type CopyAccess } from "./copy.ts";
import { generateKeys, keysSecret, region, type ObjectStoreAccess, type ObjectStoreGrant } from "./keys.ts";
import { objectStoreAlerts, objectStoreDashboard } from "./metrics.ts";
import type { ObjectStoreOptions } from "./options.ts";
import { createBuckets, createGateway, gatewayPort, identitiesKey, limitDisruption } from "./pods.ts";
import { objectStoreRendering, objectStoreReplicas } from "./rendering.ts";
import { createTrust } from "./trust.ts";
import {
  bucketsOf,
  identitiesFile,
  operator,
  reader,
  userOf,
  type ObjectStoreConsumer,
  type ObjectStoreUser,
  type S3Keys,
} from "./users.ts";
import { objectStoreValues, seaweedfsPorts, securitySecret } from "./values.ts";

export interface ObjectStoreArgs {
  readonly place: ChartPlace;
  readonly options: Sized<ObjectStoreOptions>;
  /** The systems that keep objects: each gets a user and its buckets. */
  readonly consumers: readonly ObjectStoreConsumer[];
  /** Who inside the cluster may connect. */
  readonly clients: readonly Peer[];
  /** Class of the volumes. @default the cluster's default class */
  readonly storageClass?: pulumi.Output<string> | undefined;
  /** Namespaces in which programs expect the store as `minio:9000`. */
  readonly aliasNamespaces: readonly pulumi.Input<string>[];
  readonly host: string;
  /** How the store is published; undefined on a cluster without ingress. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
  /** Where objects are copied to, when the option `copy` asks for it. */
  readonly copyTarget: CopyAccess | undefined;
  readonly monitoring: MonitorArgs["monitoring"] | undefined;
}

/** The names that the users' programs expect. */
const serviceName = "minio";
const aliases = [serviceName, "minio-internal-service"];

/**
 * SeaweedFS with its S3 API: masters, servers that keep the objects, one filer that keeps their names, and gateways on `minio:9000`. The
 * parts obey only each other, by certificates of their own; every user has generated keys and rights in its own buckets.
 */
export class ObjectStore extends ChartSystem {
  /** The address for people and other clusters; undefined without an ingress. */
  readonly url: pulumi.Output<string> | undefined;
  /** Secret keys by access key: the operator's, and those of the users that the options name; secret. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>>;
  readonly access: ObjectStoreAccess;
  /** URL of the S3 service inside the cluster. */
  readonly endpoint: pulumi.Output<string>;
  readonly #keys: pulumi.Output<Readonly<Record<string, S3Keys>>>;
  readonly #users: readonly ObjectStoreUser[];
  readonly #bucketsJob: kubernetes.batch.v1.Job;

  constructor(args: ObjectStoreArgs) {
    super({ name: "object-store", layer: "storage" }, args.place);
    const { options } = args;
    this.#users = [...options.users, ...args.consumers.map(userOf)];
    this.#keys = generateKeys([operator, reader, ...this.#users.map(({ name }) => name)], { parent: this });
    const trust = createTrust(securitySecret, this.metadata(securitySecret), { parent: this });
    this.install("seaweedfs", {
      values: objectStoreValues({ options, storageClass: args.storageClass }),
      rendering: objectStoreRendering(options.size),
      dependsOn: [trust],
    });
    this.#limitDisruption(args);
    const gateway = this.#createGateway(args);
    const buckets = bucketsOf(options.buckets, this.#users);
    this.#bucketsJob = this.#createBuckets(buckets);
    this.#copy(args, trust);
    this.#openEdges(args);
    const aliased = { metadata: this.metadata(serviceName), namespaces: args.aliasNamespaces };
    createAliases(aliases, aliased, { parent: this });
    if (args.monitoring) this.#watch(args.monitoring);
    this.endpoint = pulumi.interpolate`http://${gateway}.${this.namespace}:${gatewayPort}`;
    this.url = args.ingress && this.#publish(args.host, args.ingress, gateway);
    this.accounts = this.#accounts([operator, ...options.users.map(({ name }) => name)]);
    this.access = {
      endpoint: this.url ?? this.endpoint,
      region,
      buckets,
      accessKey: this.#keysOf(reader).apply(({ accessKey }) => accessKey),
      secretKey: this.#keysOf(reader).apply(({ secretKey }) => secretKey),
    };
    this.registerOutputs({ endpoint: this.endpoint, url: this.url });
  }

  /**
   * Gives a system that keeps objects its keys, as a Secret in its own namespace.
   *
   * @param metadata of the Secret, by the system itself: `this.metadata("<system>-objects")`
   * @throws Error when the system was not among the store's consumers
   */
  grant(
    consumer: ObjectStoreConsumer,
    metadata: ObjectMetadata,
    options: { readonly parent: pulumi.Resource },
  ): ObjectStoreGrant {
    if (!this.#users.some(({ name }) => name === consumer)) {
      throw new Error(`The system ${consumer} is not among the consumers of the object store.`);
    }
    const { endpoint } = this;
    const keys = this.#keysOf(consumer);
    const secret = keysSecret(`${consumer}-objects`, metadata, { keys, endpoint }, options);
    return {
      secretName: secret.metadata.name,
      endpoint,
      region,
      edge: { peer: this.#gatewayPods, port: gatewayPort },
      buckets: this.#bucketsJob,
    };
  }

  #keysOf(name: string): pulumi.Output<S3Keys> {
    return this.#keys.apply((all) => {
      const keys = all[name];
      if (!keys) throw new Error(`The user ${name} of the object store has no keys.`);
      return keys;
    });
  }

  #accounts(names: readonly string[]): pulumi.Output<Readonly<Record<string, string>>> {
    return pulumi.secret(
      pulumi
        .all(names.map((name) => this.#keysOf(name)))
        .apply((keys) => Object.fromEntries(keys.map(({ accessKey, secretKey }) => [accessKey, secretKey]))),
    );
  }

  #createGateway({ options }: ObjectStoreArgs): pulumi.Output<string> {
    const identities = secretObject(
      "object-store-identities",
      this.metadata("object-store-identities"),
      this.#keys.apply((keys) => ({ [identitiesKey]: identitiesFile(this.#users, keys) })),
      { parent: this },
    );
    const gateway = createGateway(
      serviceName,
      {
        metadata: this.metadata(serviceName, serviceName),
        replicas: objectStoreReplicas(options.size).gateway,
        identities,
      },
      { parent: this, dependsOn: [...this.charts] },
    );
    return gateway.serviceName;
  }

  #createBuckets(buckets: readonly string[]): kubernetes.batch.v1.Job {
    const name = "object-store-buckets";
    const metadata = this.metadata(name, name);
    return createBuckets(name, { metadata, buckets }, { parent: this, dependsOn: [...this.charts] });
  }

  #copy({ copyTarget, options: { copy } }: ObjectStoreArgs, trust: kubernetes.core.v1.Secret): void {
    if (copy === "none") return;
    if (!copyTarget) throw new Error("The object store is to copy its objects, and nothing says where to.");
    const name = "object-store-copy";
    createCopy(
      name,
      { metadata: this.metadata(name, name), target: copyTarget, mode: copy, trust },
      { parent: this, dependsOn: [...this.charts] },
    );
  }

  #limitDisruption({ options }: ObjectStoreArgs): void {
    const replicas = objectStoreReplicas(options.size);
    for (const part of ["master", "volume"] as const) {
      if (replicas[part] > 1) limitDisruption(part, this.metadata(`seaweedfs-${part}`), { parent: this });
    }
  }

  get #gatewayPods(): Peer {
    const selector = selectorLabels(this.systemName, serviceName);
    return { kind: "pods", namespace: this.namespace, selector };
  }

  #openEdges({ clients, ingress, ingressController }: ObjectStoreArgs): void {
    const itself: Peer = { kind: "namespace", namespace: this.namespace };
    const { master, volume, filer } = seaweedfsPorts;
    const inside = [master, volume, filer]
      .flatMap((port) => [port, port + grpcOffset])
      .map((port) => ({ peer: itself, port }));
    this.openEdges({ from: inside, to: inside });
    const callers = [...clients, ...(ingress ? [ingressController] : [])];
    this.openEdges(
      {
        selector: selectorLabels(this.systemName, serviceName),
        from: callers.map((peer) => ({ peer, port: gatewayPort })),
      },
      serviceName,
    );
  }

  #watch(monitoring: MonitorArgs["monitoring"]): void {
    const metadata = this.metadata(this.systemName);
    const port = { name: "metrics", number: seaweedfsPorts.metrics };
    podMonitor(this.systemName, { monitoring, metadata, selector: {}, port }, { parent: this });
    dashboard(this.systemName, { monitoring, metadata, dashboard: objectStoreDashboard }, { parent: this });
    alertRules(this.systemName, { monitoring, metadata, alerts: objectStoreAlerts }, { parent: this });
  }

  #publish(host: string, ingress: IngressSettings, service: pulumi.Output<string>): pulumi.Output<string> {
    const metadata = this.metadata(serviceName);
    return signedAddress(
      serviceName,
      { metadata, host, ingress, service: { name: service, port: "http" } },
      { parent: this },
    );
  }
}

/** What the parts say to each other has ports of its own, so far above those of what they serve. */
const grpcOffset = 10_000;
