import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/index.ts";
import type { ExistingCluster } from "../config/sections/cluster.ts";
import { writeSeeds } from "./bootstrap/seeds.ts";
import { K3sCluster, type EnabledSystems, type K3sClusterSettings } from "./k3s-cluster.ts";
import { clusterIdentity, kubeconfigPath, readKubeconfig } from "./kubeconfig.ts";
import { nodeMembership } from "./membership/index.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { waitUntilReady, type ReadinessArgs } from "./readiness/index.ts";

/** A Kubernetes API, however it came to be: what the platform is deployed to. */
export interface Cluster {
  /** For what needs no pod network. */
  readonly provider: kubernetes.Provider;
  /** The way in for an administrator; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The nodes that the program made, and their private addresses by name where it knows them. */
  readonly nodes: readonly ClusterNode[];
  readonly privateAddresses: Readonly<Record<string, pulumi.Output<string>>>;
  /**
   * A provider for everything that needs pods to reach each other.
   *
   * @param network what makes the pod network, where the cluster comes without, and what else nodes wait for: whatever uses the provider waits
   *   until it is there and all nodes are ready, and is gone before it
   */
  networked(network: pulumi.Resource | undefined): kubernetes.Provider;
}

/**
 * Gives the stack its cluster.
 *
 * @throws pulumi.RunError when the cluster cannot be had as configured.
 */
export function connectCluster(
  configuration: Omit<Configuration, "platform"> & { readonly platform: EnabledSystems },
): Cluster {
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
  const provider = providerOf(name, { kubeconfig, ...selected });
  return { kubeconfig, provider, nodes: [], privateAddresses: {}, networked: () => provider };
}

/**
 * The platform waits until every node is ready; machines of one's own have their files by then. With Kilo, which is deployed to the cluster
 * itself, nodes can only join before it, and are ready after it.
 */
function createK3s(settings: K3sClusterSettings): Cluster {
  const { name } = settings.cluster;
  const k3s = new K3sCluster(settings);
  const { kubeconfig } = k3s;
  const readiness: ReadinessArgs = {
    kubeconfig,
    nodes: k3s.nodes.map((node) => node.name),
    memberships: membershipsOf(k3s),
    machines: writeSeeds(k3s.machines),
    ...(settings.dns.provider === "none" && { records: recordLines(k3s.dns) }),
  };
  const isNetworked = settings.cluster.network !== "kilo";
  const first = waitUntilReady(
    name,
    { ...readiness, ...(!isNetworked && { until: "joined" }) },
    { dependsOn: [k3s] },
  );
  const identity = pulumi.unsecret(kubeconfig.apply(clusterIdentity));
  const access = { kubeconfig, context: name, identity };
  const provider = providerOf(name, access, first);
  return {
    kubeconfig,
    provider,
    nodes: k3s.nodes,
    privateAddresses: Object.fromEntries(
      k3s.servers.map(({ node, privateIpv4 }) => [node.name, privateIpv4]),
    ),
    networked(network) {
      if (!network) return provider;
      const networkedName = `${name}-networked`;
      const ready = waitUntilReady(networkedName, readiness, { dependsOn: [first, network] });
      return providerOf(networkedName, access, ready);
    },
  };
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
