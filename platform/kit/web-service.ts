import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/kubernetes";
import { podTemplate, type ContainerArgs } from "./container.ts";
import { selectorLabels } from "./labels.ts";
import type { ObjectMetadata } from "./system.ts";
import { transformed, type Transform } from "./transform.ts";

export interface WebServiceArgs {
  readonly system: string;
  /** Metadata of the Deployment and the Service. */
  readonly metadata: ObjectMetadata;
  /** The one container; its port `http` is the one served. */
  readonly container: ContainerArgs & { readonly ports: { readonly http: number } };
  /** User the process runs as. */
  readonly user: number;
  /** @default 1 */
  readonly replicas?: number;
  /** Port of the Service. @default 80 */
  readonly port?: number;
  readonly volumes?: types.input.core.v1.Volume[];
  /** Checksum of what the pods read at start. @default none */
  readonly checksum?: pulumi.Input<string>;
  readonly transform?: {
    readonly deployment?: Transform<types.input.apps.v1.Deployment>;
    readonly service?: Transform<types.input.core.v1.Service>;
  };
}

/** A stateless program that speaks HTTP: Deployment, Service, and a disruption budget when it is replicated. */
export class WebService extends pulumi.ComponentResource {
  /** Name of the Service, known once the Service has endpoints. */
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: WebServiceArgs, options: pulumi.ComponentResourceOptions) {
    super("uap:kit:WebService", name, {}, options);
    const selector = selectorLabels(args.system, args.metadata.name);
    const replicas = args.replicas ?? 1;
    this.#createDeployment(name, args, selector, replicas);
    this.serviceName = this.#createService(name, args, selector).metadata.name;
    if (replicas > 1) this.#createDisruptionBudget(name, args, selector);
    this.registerOutputs({ serviceName: this.serviceName });
  }

  #createDeployment(
    name: string,
    args: WebServiceArgs,
    selector: Record<string, string>,
    replicas: number,
  ): void {
    new kubernetes.apps.v1.Deployment(
      name,
      transformed<types.input.apps.v1.Deployment>(
        {
          metadata: args.metadata,
          spec: {
            replicas,
            selector: { matchLabels: selector },
            template: podTemplate({
              labels: args.metadata.labels,
              selector,
              containers: [args.container],
              user: args.user,
              ...(args.volumes && { volumes: args.volumes }),
              ...(args.checksum !== undefined && { checksum: args.checksum }),
            }),
          },
        },
        args.transform?.deployment,
      ),
      { parent: this },
    );
  }

  #createService(
    name: string,
    args: WebServiceArgs,
    selector: Record<string, string>,
  ): kubernetes.core.v1.Service {
    return new kubernetes.core.v1.Service(
      name,
      transformed<types.input.core.v1.Service>(
        {
          metadata: args.metadata,
          spec: { selector, ports: [{ name: "http", port: args.port ?? 80, targetPort: "http" }] },
        },
        args.transform?.service,
      ),
      { parent: this },
    );
  }

  #createDisruptionBudget(name: string, args: WebServiceArgs, selector: Record<string, string>): void {
    new kubernetes.policy.v1.PodDisruptionBudget(
      name,
      { metadata: args.metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector } } },
      { parent: this },
    );
  }
}
