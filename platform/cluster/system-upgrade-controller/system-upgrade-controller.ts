import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { K3sVersion } from "../../../config/sections/cluster.ts";
import { upgradeController, upgradePlans } from "../../../infra/bootstrap/upgrade-plans.ts";
import { toApiServer } from "../../kit/api-server-access.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { networkAccess } from "../../kit/network-access.ts";
import { createServiceAccount } from "../../kit/service-account.ts";
import { System, type SystemPlace } from "../../kit/system.ts";
import { controllerPods } from "./pods.ts";
import { controllerRules, drainerRules, jobRules } from "./rules.ts";
import { planDefinition } from "./upgrades-definition.ts";

export interface SystemUpgradeControllerArgs {
  readonly place: SystemPlace;
  readonly images: { readonly controller: string; readonly kubectl: string };
  /** The release of k3s that every node shall have. */
  readonly version: K3sVersion;
}

const account = upgradeController.serviceAccount;

/**
 * Brings the nodes to the configured release of k3s, one at a time, drained before and taken back after. A node that has it already is
 * left alone, so a new cluster stays as it is.
 */
export class SystemUpgradeController extends System {
  constructor(args: SystemUpgradeControllerArgs) {
    super({ name: "system-upgrade-controller", layer: "cluster" }, args.place);
    const definition = this.#createDefinition();
    const rights = this.#createAccount();
    this.#openEdges();
    const controller = this.#createController(args, [definition, ...rights]);
    this.#createPlans(args.version, [controller]);
    this.registerOutputs();
  }

  /** There before the controller, so that Plans can be checked in a preview. The controller writes to it too. */
  #createDefinition(): pulumi.Resource {
    const metadata = {
      name: "plans.upgrade.cattle.io",
      labels: this.labels(),
      annotations: { "pulumi.com/patchForce": "true" },
    };
    return new kubernetes.apiextensions.v1.CustomResourceDefinition(
      "upgrade-plans",
      { metadata, spec: planDefinition },
      { parent: this },
    );
  }

  /** Rights over all nodes and their pods, and over Jobs and Secrets of its own namespace alone. */
  #createAccount(): pulumi.Resource[] {
    return createServiceAccount(
      account,
      {
        metadata: this.metadata(account),
        clusterRules: [...controllerRules, ...drainerRules],
        rules: jobRules,
      },
      { parent: this },
    );
  }

  /** The upgrades' own pods are in their nodes' network, which policies do not reach. */
  #openEdges(): void {
    networkAccess(
      this.systemName,
      {
        metadata: this.metadata(this.systemName),
        selector: selectorLabels(this.systemName),
        from: [],
        to: toApiServer,
      },
      { parent: this },
    );
  }

  #createController(
    { images }: SystemUpgradeControllerArgs,
    dependsOn: pulumi.Resource[],
  ): kubernetes.apps.v1.Deployment {
    const metadata = this.metadata(this.systemName);
    return new kubernetes.apps.v1.Deployment(
      this.systemName,
      {
        metadata,
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          selector: { matchLabels: selectorLabels(this.systemName) },
          template: controllerPods(images, metadata.labels),
        },
      },
      { parent: this, dependsOn },
    );
  }

  #createPlans(version: K3sVersion, dependsOn: pulumi.Resource[]): void {
    for (const { apiVersion, kind, metadata, spec } of upgradePlans(version)) {
      new kubernetes.apiextensions.CustomResource(
        metadata.name,
        { apiVersion, kind, metadata: this.metadata(metadata.name), spec },
        { parent: this, dependsOn },
      );
    }
  }
}
