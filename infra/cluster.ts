import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/index.ts";
import type { ExistingCluster } from "../config/sections/cluster.ts";
import { writeSeeds } from "./bootstrap/seeds.ts";
import { K3sCluster, type K3sClusterSettings } from "./k3s-cluster.ts";
import { clusterIdentity, kubeconfigPath, readKubeconfig } from "./kubeconfig.ts";
import { nodeMembership } from "./membership/index.ts";
import { waitUntilReady } from "./readiness/index.ts";

/** A Kubernetes API, however it came to be: what the platform is deployed to. */
export interface Cluster {
  readonly provider: kubernetes.Provider;
  /** The way in for an administrator; secret. */
  readonly kubeconfig: pulumi.Output<string>;
}

/**
 * Gives the stack its cluster.
 *
 * @throws pulumi.RunError when the cluster cannot be had as configured.
 */
export function connectCluster(configuration: Omit<Configuration, "platform">): Cluster {
  const { cluster } = configuration;
  switch (cluster.kind) {
    case "existing":
      return connectExisting(cluster);
    case "k3s":
      return createK3s({ ...configuration, cluster });
    default:
      return cluster satisfies never;
  }
}

function connectExisting({ name, context }: ExistingCluster): Cluster {
  const selected = readKubeconfig(kubeconfigPath(), context);
  const kubeconfig = pulumi.secret(selected.contents);
  return { kubeconfig, provider: providerOf(name, { kubeconfig, ...selected }) };
}

/** The platform waits until every node is ready; machines of one's own have their files by then. */
function createK3s(settings: K3sClusterSettings): Cluster {
  const { name } = settings.cluster;
  const k3s = new K3sCluster(settings);
  const { kubeconfig } = k3s;
  const ready = waitUntilReady(
    name,
    {
      kubeconfig,
      nodes: k3s.nodes.map((node) => node.name),
      memberships: membershipsOf(k3s),
      machines: writeSeeds(k3s.machines),
      ...(settings.dns.provider === "none" && { records: recordLines(k3s.dns) }),
    },
    { dependsOn: [k3s] },
  );
  const identity = pulumi.unsecret(kubeconfig.apply(clusterIdentity));
  return { kubeconfig, provider: providerOf(name, { kubeconfig, context: name, identity }, ready) };
}

/**
 * Every node leaves the cluster before its server goes. Memberships are not protected like their servers: the engine would refuse to replace
 * a server that somebody asked to replace. A plan that deletes a protected server fails before anything leaves.
 */
function membershipsOf({ servers, machines, kubeconfig }: K3sCluster) {
  return [
    ...servers.map(({ node, id }) =>
      nodeMembership(node.name, { node: node.name, kubeconfig, server: id }, {}),
    ),
    ...machines.map(({ node }) => nodeMembership(node.name, { node: node.name, kubeconfig }, {})),
  ];
}

/** The records to enter by hand, as zone files have them. */
function recordLines({ entries }: K3sCluster["dns"]): pulumi.Output<string> {
  return entries.apply((all) =>
    all.map(({ name, type, addresses }) => `${name} ${type} ${addresses.join(" ")}`).join("\n"),
  );
}

interface ProviderSettings {
  readonly kubeconfig: pulumi.Output<string>;
  readonly context: string;
  readonly identity: pulumi.Input<string>;
}

function providerOf(
  name: string,
  { kubeconfig, context, identity }: ProviderSettings,
  ready?: pulumi.Resource,
): kubernetes.Provider {
  return new kubernetes.Provider(
    name,
    {
      kubeconfig,
      context,
      // Renewed certificates or a changed address are the same cluster; another authority is another cluster.
      clusterIdentifier: identity,
      enableServerSideApply: true,
      // Changed in place: pods restart by their checksum, and nothing is missing in between.
      enableConfigMapMutable: true,
      enableSecretMutable: true,
    },
    { ...(ready && { dependsOn: [ready] }) },
  );
}
