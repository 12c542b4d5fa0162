import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Sized } from "../../../config/systems.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { growingClaims } from "../../kit/growing-claims.ts";
import { selectorLabels } from "../../kit/labels.ts";
import type { MonitorArgs } from "../../kit/metrics.ts";
import type { Peer } from "../../kit/network-access.ts";
import { publicAddress, type IngressSettings } from "../../kit/public-address.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { createAliases } from "./aliases.ts";
import { copyCheckName, copyCheckPods, createCopyCheck } from "./copy-check.ts";
import { createCopy, type CopyAccess } from "./copy.ts";
import { innerEdges } from "./inner-edges.ts";
import {
  accountsOf,
  generateKeys,
  keysSecret,
  region,
  type ObjectStoreAccess,
  type ObjectStoreGrant,
} from "./keys.ts";
import type { ObjectStoreOptions } from "./options.ts";
import { createBuckets, createGateway, gatewayPort, identitiesKey, limitDisruption } from "./pods.ts";
import { objectStoreRendering, objectStoreReplicas } from "./rendering.ts";
import { createTrust } from "./trust.ts";
import {
  bucketsOf,
  copyChecker,
  identitiesFile,
  operator,
  reader,
  userOf,
  type ObjectStoreConsumer,
  type ObjectStoreUser,
  type S3Keys,
} from "./users.ts";
import { dataFolder, objectStoreValues, securitySecret } from "./values.ts";
import { watchObjectStore } from "./watching.ts";

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
  /** Image with `curl`, by which the copy is checked. */
  readonly curlImage: string;
  readonly monitoring: MonitorArgs["monitoring"] | undefined;
}

/** The names that the users' programs expect. */
const serviceName = "minio";
const aliases = [serviceName, "minio-hl", "minio-internal-service"];

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
    const checkers = options.copy === "none" ? [] : [copyChecker];
    this.#users = [...options.users, ...args.consumers.map(userOf), ...checkers];
    this.#keys = generateKeys([operator, reader, ...this.#users.map(({ name }) => name)], { parent: this });
    const trust = createTrust(securitySecret, this.metadata(securitySecret), { parent: this });
    this.install("seaweedfs", {
      values: objectStoreValues({ options, storageClass: args.storageClass }),
      rendering: objectStoreRendering(options.size),
      dependsOn: [trust],
    });
    this.#growVolumes(args);
    limitDisruption(objectStoreReplicas(options.size), (name) => this.metadata(name), { parent: this });
    const gateway = this.#createGateway(args);
    const buckets = bucketsOf(options.buckets, this.#users);
    this.#bucketsJob = this.#createBuckets(buckets);
    this.endpoint = pulumi.interpolate`http://${gateway}.${this.namespace}:${gatewayPort}`;
    this.#copy(args, trust);
    this.#openEdges(args);
    const aliased = { metadata: this.metadata(serviceName), namespaces: args.aliasNamespaces };
    createAliases(aliases, aliased, { parent: this });
    const { monitoring } = args;
    const metadata = this.metadata(this.systemName);
    if (monitoring) watchObjectStore(this.systemName, { monitoring, metadata, options }, { parent: this });
    this.url = args.ingress && this.#publish(args.host, args.ingress, gateway);
    this.accounts = accountsOf(
      [operator, ...options.users.map(({ name }) => name)].map((name) => this.#keysOf(name)),
    );
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

  #copy({ copyTarget: target, curlImage, options }: ObjectStoreArgs, trust: kubernetes.core.v1.Secret): void {
    const { copy: mode } = options;
    if (mode === "none") return;
    if (!target) throw new Error("The object store is to copy its objects, and nothing says where to.");
    const name = "object-store-copy";
    const metadata = this.metadata(name, name);
    createCopy(name, { metadata, target, mode, trust }, { parent: this, dependsOn: [...this.charts] });
    const source = {
      endpoint: this.endpoint,
      edge: { peer: this.#gatewayPods, port: gatewayPort },
      keys: this.#keysOf(copyChecker.name),
    };
    const checked = this.metadata(copyCheckName, copyCheckName);
    createCopyCheck(
      { metadata: checked, image: curlImage, mode, source, target },
      { parent: this, dependsOn: [this.#bucketsJob] },
    );
  }

  /** Those of the servers that keep objects; the others' sizes are fixed. A simulated chart claims none. */
  #growVolumes({ options, place }: ObjectStoreArgs): void {
    if (place.charts.source === "facts") return;
    const { volume } = objectStoreReplicas(options.size);
    const statefulSet = "seaweedfs-volume";
    const { namespace } = this;
    growingClaims(
      statefulSet,
      { namespace, statefulSet, template: dataFolder, replicas: volume, size: options.storage },
      { parent: this, dependsOn: this.charts },
    );
  }

  get #gatewayPods(): Peer {
    const selector = selectorLabels(this.systemName, serviceName);
    return { kind: "pods", namespace: this.namespace, selector };
  }

  #openEdges({ clients, ingress, ingressController, options: { copy } }: ObjectStoreArgs): void {
    const inside = innerEdges(this.namespace);
    this.openEdges({ from: inside, to: inside });
    const callers = [
      ...clients,
      ...(ingress ? [ingressController] : []),
      ...(copy === "none" ? [] : [copyCheckPods(this.namespace)]),
    ];
    this.openEdges(
      {
        selector: selectorLabels(this.systemName, serviceName),
        from: callers.map((peer) => ({ peer, port: gatewayPort })),
      },
      serviceName,
    );
  }

  #publish(host: string, ingress: IngressSettings, service: pulumi.Output<string>): pulumi.Output<string> {
    const metadata = this.metadata(serviceName);
    return publicAddress(
      serviceName,
      // The kit's login would read the very header that carries S3's signatures.
      { metadata, host, ingress, service: { name: service, port: "http" }, login: false },
      { parent: this },
    );
  }
}
