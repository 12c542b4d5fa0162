import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../infra/cluster.ts";
import { deployClusterLayer } from "./cluster/index.ts";
import { deployDataLayer } from "./data/index.ts";
import { deployDevopsLayer } from "./devops/index.ts";
import type { Deployed, PlatformConfiguration } from "./layer.ts";

/** What the platform tells its users, and other stacks. */
export interface PlatformOutputs {
  /** Addresses by system. */
  readonly urls: Readonly<Record<string, pulumi.Output<string>>>;
  /** Accounts by system, passwords by account; secret. */
  readonly credentials: pulumi.Output<Readonly<Record<string, Readonly<Record<string, string>>>>>;
}

/** Deploys the layers in order, each fed by the outputs of the ones below. */
export function deployPlatform(configuration: PlatformConfiguration, cluster: Cluster): PlatformOutputs {
  const foundation = deployClusterLayer(configuration, cluster);
  const data = deployDataLayer(configuration, foundation);
  const devops = deployDevopsLayer(configuration, foundation, data);
  const deployed = [...foundation.deployed, ...data, ...devops];
  return { urls: urlsOf(deployed), credentials: credentialsOf(deployed) };
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
