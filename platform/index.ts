import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../infra/cluster.ts";
import type { Fit } from "../infra/sizing/fit.ts";
import { deployClusterLayer } from "./cluster/index.ts";
import { deployDataLayer } from "./data/index.ts";
import { demandsOf, requireFit } from "./demands.ts";
import { deployDevopsLayer } from "./devops/index.ts";
import type { Deployed, PlatformConfiguration } from "./layer.ts";

/** What the platform tells its users, and other stacks. */
export interface PlatformOutputs {
  /** Addresses by system. */
  readonly urls: Readonly<Record<string, pulumi.Output<string>>>;
  /** Accounts by system, passwords by account; secret. */
  readonly credentials: pulumi.Output<Readonly<Record<string, Readonly<Record<string, string>>>>>;
  /** What the systems ask for, beside what the nodes offer. */
  readonly fit: Fit;
}

/**
 * Deploys the layers in order, each fed by the outputs of the ones below.
 *
 * @throws pulumi.RunError before anything is made, when the systems do not fit on the nodes.
 */
export function deployPlatform(configuration: PlatformConfiguration, cluster: Cluster): PlatformOutputs {
  const fit = requireFit(cluster.nodes, demandsOf(configuration));
  const foundation = deployClusterLayer(configuration, cluster);
  const data = deployDataLayer(configuration, foundation);
  const devops = deployDevopsLayer(configuration, foundation, data);
  const deployed = [...foundation.deployed, ...data, ...devops];
  return { fit, urls: urlsOf(deployed), credentials: credentialsOf(deployed) };
}

function urlsOf(deployed: readonly Deployed[]): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(deployed.flatMap(({ system, url }) => (url ? [[system, url]] : [])));
}

function credentialsOf(deployed: readonly Deployed[]): PlatformOutputs["credentials"] {
  const accounts = deployed.flatMap(({ system, accounts: own }) =>
    own ? [own.apply((passwords) => [system, passwords] as const)] : [],
  );
  return pulumi.secret(pulumi.all(accounts).apply((entries) => Object.fromEntries(entries)));
}
