import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { formatCpu, formatQuantity } from "../../config/quantities.ts";
import { containerDefaults, type Resources } from "./container.ts";

/** What all pods of a namespace may ask for together. */
export interface NamespaceQuota {
  /** Sum of CPU requests, in thousandths of a core. */
  readonly milliCpu: number;
  /** Sum of memory requests, in bytes. */
  readonly memory: number;
  /** Sum of the persistent volume claims' sizes, in bytes. */
  readonly storage: number;
  readonly pods: number;
}

export interface GuardedNamespaceArgs {
  readonly name: string;
  readonly quota: NamespaceQuota;
  /** Pod security standard that the API server enforces. @default "restricted" */
  readonly podSecurity?: "restricted" | "baseline" | "privileged";
  /** What a container gets that says nothing. @default {@link containerDefaults} */
  readonly containers?: Resources | undefined;
}

/**
 * A namespace that is closed until opened: quota, limit range, the restricted pod security standard, and network policies that
 * deny everything but name resolution.
 */
export class GuardedNamespace extends pulumi.ComponentResource {
  /** The namespace's name, known only once the namespace exists: what uses it waits for it. */
  readonly name: pulumi.Output<string>;

  constructor(args: GuardedNamespaceArgs, options: pulumi.ComponentResourceOptions) {
    super("uap:kit:GuardedNamespace", args.name, {}, options);
    const namespace = this.#createNamespace(args);
    this.name = namespace.metadata.name;
    this.#createQuota(args.name, args.quota);
    this.#createLimitRange(args.name, args.containers ?? containerDefaults);
    this.#denyByDefault(args.name);
    this.#allowNameResolution(args.name);
    this.registerOutputs({ name: this.name });
  }

  #createNamespace(args: GuardedNamespaceArgs): kubernetes.core.v1.Namespace {
    return new kubernetes.core.v1.Namespace(
      args.name,
      {
        metadata: {
          name: args.name,
          labels: {
            "app.kubernetes.io/part-of": "uap",
            "pod-security.kubernetes.io/enforce": args.podSecurity ?? "restricted",
          },
        },
      },
      { parent: this },
    );
  }

  /**
   * On requests alone: they are what is taken from the nodes. Every container has limits of its own, and those that allow a small daemon a
   * short burst add up, over all nodes, to what nobody will use at a time.
   */
  #createQuota(name: string, quota: NamespaceQuota): void {
    new kubernetes.core.v1.ResourceQuota(
      name,
      {
        metadata: this.#metadata("quota"),
        spec: {
          hard: {
            "requests.cpu": formatCpu(quota.milliCpu),
            "requests.memory": formatQuantity(quota.memory),
            "requests.storage": formatQuantity(quota.storage),
            pods: String(quota.pods),
          },
        },
      },
      { parent: this },
    );
  }

  #createLimitRange(name: string, { limits, requests }: Resources): void {
    new kubernetes.core.v1.LimitRange(
      name,
      {
        metadata: this.#metadata("defaults"),
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: requests,
              default: limits,
            },
          ],
        },
      },
      { parent: this },
    );
  }

  #denyByDefault(name: string): void {
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: this.#metadata("default-deny"),
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { parent: this },
    );
  }

  #allowNameResolution(name: string): void {
    new kubernetes.networking.v1.NetworkPolicy(
      `${name}-allow-dns`,
      {
        metadata: this.#metadata("allow-dns"),
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [
            {
              to: [
                {
                  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
                  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
                },
              ],
              ports: [
                { protocol: "UDP", port: 53 },
                { protocol: "TCP", port: 53 },
              ],
            },
          ],
        },
      },
      { parent: this },
    );
  }

  #metadata(name: string) {
    return { name, namespace: this.name, labels: { "app.kubernetes.io/part-of": "uap" } };
  }
}
