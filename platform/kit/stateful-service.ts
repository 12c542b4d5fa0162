import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/kubernetes";
import type { Quantity } from "../../config/quantities.ts";
import { podTemplate, type ContainerArgs } from "./container.ts";
import { growingClaims } from "./growing-claims.ts";
import { selectorLabels } from "./labels.ts";
import type { ObjectMetadata } from "./system.ts";
import { transformed, type Transform } from "./transform.ts";

export interface StatefulServiceArgs {
  readonly system: string;
  /** Metadata of the StatefulSet and the Service; the Service may be named otherwise. */
  readonly metadata: ObjectMetadata;
  /** Name of the Service that clients use. @default the metadata's name */
  readonly serviceName?: string;
  readonly container: ContainerArgs;
  /** Ports of the Service by the container's port names. */
  readonly ports: Readonly<Record<string, number>>;
  /** User the process runs as; its group owns the volume. */
  readonly user: number;
  /** One volume per replica. */
  readonly storage: {
    readonly size: Quantity;
    readonly mountPath: string;
    /** @default the cluster's default class */
    readonly storageClass?: pulumi.Input<string> | undefined;
  };
  /** @default 1 */
  readonly replicas?: number;
  readonly volumes?: types.input.core.v1.Volume[];
  /** Checksum of what the pods read at start. @default none */
  readonly checksum?: pulumi.Input<string>;
  readonly transform?: { readonly statefulSet?: Transform<types.input.apps.v1.StatefulSet> };
}

/** Name of the claim template, and so of the volume in the pod. */
const dataVolume = "data";

/** A program with data of its own: StatefulSet, headless Service for its members, Service for its clients, a volume each. */
export class StatefulService extends pulumi.ComponentResource {
  /** Name of the clients' Service, known once the Service has endpoints. */
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: StatefulServiceArgs, options: pulumi.ComponentResourceOptions) {
    super("uap:kit:StatefulService", name, {}, options);
    const selector = selectorLabels(args.system, args.metadata.name);
    const replicas = args.replicas ?? 1;
    const headless = this.#createHeadlessService(name, args, selector);
    const statefulSet = this.#createStatefulSet(name, args, selector, headless, replicas);
    const { namespace } = args.metadata;
    growingClaims(
      name,
      {
        namespace,
        replicas,
        statefulSet: args.metadata.name,
        template: dataVolume,
        size: args.storage.size,
      },
      { parent: this, dependsOn: [statefulSet] },
    );
    this.serviceName = this.#createService(name, args, selector).metadata.name;
    if (replicas > 1) this.#createDisruptionBudget(name, args, selector);
    this.registerOutputs({ serviceName: this.serviceName });
  }

  #createHeadlessService(
    name: string,
    args: StatefulServiceArgs,
    selector: Record<string, string>,
  ): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      `${name}-headless`,
      {
        metadata: { ...args.metadata, name: `${clientServiceName(args)}-headless` },
        spec: {
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector,
          ports: servicePorts(args.ports),
        },
      },
      { parent: this },
    );
  }

  #createStatefulSet(
    name: string,
    args: StatefulServiceArgs,
    selector: Record<string, string>,
    headless: kubernetes.core.v1.Service,
    replicas: number,
  ): kubernetes.apps.v1.StatefulSet {
    const container: ContainerArgs = {
      ...args.container,
      mounts: [{ name: dataVolume, mountPath: args.storage.mountPath }, ...(args.container.mounts ?? [])],
    };
    return new kubernetes.apps.v1.StatefulSet(
      name,
      transformed<types.input.apps.v1.StatefulSet>(
        {
          metadata: args.metadata,
          spec: {
            replicas,
            serviceName: headless.metadata.name,
            podManagementPolicy: "Parallel",
            selector: { matchLabels: selector },
            template: podTemplate({
              labels: args.metadata.labels,
              selector,
              containers: [container],
              user: args.user,
              ...(args.volumes && { volumes: args.volumes }),
              ...(args.checksum !== undefined && { checksum: args.checksum }),
            }),
            volumeClaimTemplates: [
              {
                metadata: { name: dataVolume, labels: selector },
                spec: {
                  accessModes: ["ReadWriteOnce"],
                  ...(args.storage.storageClass !== undefined && {
                    storageClassName: args.storage.storageClass,
                  }),
                  resources: { requests: { storage: args.storage.size } },
                },
              },
            ],
          },
        },
        args.transform?.statefulSet,
      ),
      // The claims themselves follow the configuration. Another template would replace the StatefulSet, and no claim with it.
      { parent: this, ignoreChanges: ["spec.volumeClaimTemplates"] },
    );
  }

  #createService(
    name: string,
    args: StatefulServiceArgs,
    selector: Record<string, string>,
  ): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      name,
      {
        metadata: { ...args.metadata, name: clientServiceName(args) },
        spec: { selector, ports: servicePorts(args.ports) },
      },
      { parent: this },
    );
  }

  #createDisruptionBudget(name: string, args: StatefulServiceArgs, selector: Record<string, string>): void {
    new kubernetes.policy.v1.PodDisruptionBudget(
      name,
      { metadata: args.metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      { parent: this },
    );
  }
}

function clientServiceName(args: StatefulServiceArgs): string {
  return args.serviceName ?? args.metadata.name;
}

/** A Service's ports, each pointing at the container's port of the same name. */
export function servicePorts(ports: Readonly<Record<string, number>>): types.input.core.v1.ServicePort[] {
  return Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: name }));
}
