import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../infra/cluster.ts";
import { deployClusterLayer } from "./cluster/index.ts";
import { deployDataLayer } from "./data/index.ts";
import { deployDevopsLayer } from "./devops/index.ts";
import type { Deployed, PlatformConfiguration } from "./layer.ts";
import { deployStorageLayer } from "./storage/index.ts";
import type { ObjectStoreAccess } from "./storage/object-store/keys.ts";

/** What the platform tells its users, and other stacks. */
export interface PlatformOutputs {
  /** Addresses by system. */
  readonly urls: Readonly<Record<string, pulumi.Output<string>>>;
  /** Accounts by system, passwords by account; secret. */
  readonly credentials: pulumi.Output<Readonly<Record<string, Readonly<Record<string, string>>>>>;
  /** A kubeconfig for every user of `uap:access.users`, by name; secret. */
  readonly userKubeconfigs: pulumi.Output<Readonly<Record<string, string>>>;
  /** The certificate (PEM) to seal Secrets with, known before the cluster can open them; undefined without Sealed Secrets. */
  readonly sealingCertificate: pulumi.Output<string> | undefined;
  /** How other stacks read this one's objects; undefined without an object store. */
  readonly objectStore: ObjectStoreAccess | undefined;
}

/** Deploys the layers in order, each fed by the outputs of the ones below. */
export function deployPlatform(configuration: PlatformConfiguration, cluster: Cluster): PlatformOutputs {
  const foundation = deployClusterLayer(configuration, cluster);
  const storage = deployStorageLayer(configuration, foundation, cluster.kubeconfig);
  const data = deployDataLayer(configuration, foundation, storage);
  const below = [...foundation.deployed, ...storage.deployed, ...data];
  const deployed = [...below, ...deployDevopsLayer(configuration, foundation, below)];
  return {
    urls: urlsOf(deployed),
    credentials: credentialsOf(deployed),
    objectStore: storage.objectStore?.access,
    userKubeconfigs: foundation.userKubeconfigs,
    sealingCertificate: foundation.sealingCertificate,
  };
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
