import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../../config/systems.ts";
import { checksum } from "../../kit/checksum.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { System, type SystemPlace } from "../../kit/system.ts";
import { tokenSecret, type CsiDriver } from "./drivers.ts";
import { csiControllerPods, csiNodePods } from "./pods.ts";
import { controllerReplicas } from "./resources.ts";
import { createStorageClass } from "../storage-class.ts";
import { controllerRules, leaseRules, nodeRules } from "./rules.ts";
import { createServiceAccount } from "../../kit/service-account.ts";

export interface CloudVolumesArgs {
  readonly place: SystemPlace;
  readonly size: Size;
  readonly driver: CsiDriver;
  /** The cloud's API token; without it, somebody else makes the Secret, or the driver needs none. */
  readonly token: pulumi.Output<string> | undefined;
  /** Whether the stack's volumes are protected from deletion, and their class with them. */
  readonly isProtected: boolean;
  /** What lets the driver speak to its cloud, beside the token. @default nothing */
  readonly rights?: (parent: pulumi.Resource) => pulumi.Resource;
}

/** The names of the two workloads, of their accounts and rights. */
const workloads = { controller: "cloud-volumes-controller", node: "cloud-volumes-node" } as const;

/**
 * Volumes of DigitalOcean or AWS, which have no pinned chart: the cloud's own driver, with Kubernetes' side-cars. The driver needs no cloud
 * controller, since it finds out for itself which server a node is.
 */
export class CloudVolumes extends System {
  readonly className: string;
  /** The class of its volumes, known once the driver is there. */
  readonly storageClass: pulumi.Output<string>;
  readonly #driver: CsiDriver;

  constructor(args: CloudVolumesArgs) {
    super({ name: "cloud-volumes", layer: "storage" }, args.place);
    this.#driver = args.driver;
    this.className = args.driver.storageClass.name;
    const { name, spec } = args.driver;
    const driver = new kubernetes.storage.v1.CSIDriver(
      "cloud-volumes",
      { metadata: { name, labels: this.labels() }, spec },
      { parent: this },
    );
    const controller = this.#createController(args, [driver]);
    const nodes = this.#createNodes([driver]);
    this.storageClass = this.#createClass(args.isProtected, [controller, nodes]);
    this.registerOutputs({ storageClass: this.storageClass });
  }

  #createController(
    { rights, size, token }: CloudVolumesArgs,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const account = workloads.controller;
    const metadata = this.metadata(account, account);
    const secret =
      token &&
      secretObject(
        "cloud-volumes-token",
        this.metadata(tokenSecret.name),
        token.apply((text) => ({ [tokenSecret.key]: text })),
        { parent: this },
      );
    const replicas = controllerReplicas(size);
    const selector = { matchLabels: selectorLabels(this.systemName, account) };
    if (replicas > 1) this.#keepOneController(metadata, selector);
    return new kubernetes.apps.v1.Deployment(
      account,
      {
        metadata,
        spec: {
          replicas,
          // A controller has its node's port to itself.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          selector,
          template: csiControllerPods({
            ...{ account, driver: this.#driver, labels: metadata.labels },
            ...(token && { checksum: checksum(pulumi.all({ token })) }),
          }),
        },
      },
      {
        parent: this,
        dependsOn: [
          ...dependsOn,
          ...createServiceAccount(
            account,
            { metadata: this.metadata(account, account), clusterRules: controllerRules, rules: leaseRules },
            { parent: this },
          ),
          ...(rights ? [rights(this)] : []),
          ...(secret ? [secret] : []),
        ],
      },
    );
  }

  #keepOneController(
    metadata: ReturnType<CloudVolumes["metadata"]>,
    selector: { readonly matchLabels: Readonly<Record<string, string>> },
  ): void {
    new kubernetes.policy.v1.PodDisruptionBudget(
      metadata.name,
      { metadata, spec: { minAvailable: 1, selector } },
      { parent: this },
    );
  }

  #createNodes(dependsOn: readonly pulumi.Resource[]): pulumi.Resource {
    const account = workloads.node;
    const metadata = this.metadata(account, account);
    const rights = createServiceAccount(account, { metadata, clusterRules: nodeRules }, { parent: this });
    return new kubernetes.apps.v1.DaemonSet(
      account,
      {
        metadata,
        spec: {
          selector: { matchLabels: selectorLabels(this.systemName, account) },
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
          template: csiNodePods({ account, driver: this.#driver, labels: metadata.labels }),
        },
      },
      { parent: this, dependsOn: [...dependsOn, ...rights] },
    );
  }

  /** Not Kubernetes' default class: the roles of storage decide which one is taken. */
  #createClass(isProtected: boolean, dependsOn: pulumi.Resource[]): pulumi.Output<string> {
    const { name, storageClass } = this.#driver;
    return createStorageClass(
      { ...storageClass, labels: this.labels(), provisioner: name, isProtected, waitsForPod: true },
      { parent: this, dependsOn },
    );
  }
}
