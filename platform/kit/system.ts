import * as pulumi from "@pulumi/pulumi";
import type * as kubernetes from "@pulumi/kubernetes";
import { systemLabels, type Layer } from "./labels.ts";

/** What a system's component needs to know about itself; a row of the catalogue has it. */
export interface SystemIdentity {
  /** The system's name in the catalogue and in the configuration, such as `mosquitto`. */
  readonly name: string;
  readonly layer: Layer;
}

/** Where a system is deployed. */
export interface SystemPlace {
  readonly provider: kubernetes.Provider;
  /** The namespace's name, as an output of the namespace: what is put into it waits for it. */
  readonly namespace: pulumi.Output<string>;
}

/**
 * The base of every system: a component named after its catalogue row, whose children get the cluster's provider,
 * the system's namespace and the recommended labels.
 */
export abstract class System extends pulumi.ComponentResource {
  readonly systemName: string;
  readonly namespace: pulumi.Output<string>;
  readonly #layer: Layer;

  constructor(identity: SystemIdentity, place: SystemPlace, options?: pulumi.ComponentResourceOptions) {
    super(
      `uap:${identity.layer}:${typeName(identity.name)}`,
      identity.name,
      {},
      {
        ...options,
        providers: [place.provider],
      },
    );
    this.systemName = identity.name;
    this.namespace = place.namespace;
    this.#layer = identity.layer;
  }

  /** Metadata of an object of this system in its namespace. */
  protected metadata(name: string, workload: string = this.systemName): ObjectMetadata {
    return { name, namespace: this.namespace, labels: this.labels(workload) };
  }

  /** The recommended labels for one workload of this system. */
  protected labels(workload: string = this.systemName): Record<string, string> {
    return systemLabels(this.systemName, this.#layer, workload);
  }
}

/** Name, namespace and labels: what every namespaced object of the platform carries. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly labels: Record<string, string>;
}

/** `argo-cd` → `ArgoCd`: the last part of a component's type. */
export function typeName(systemName: string): string {
  return systemName
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}
