import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/index.ts";
import type { ExistingCluster } from "../config/sections/cluster.ts";
import { cloudControllerBootstrap } from "./bootstrap/cloud-controller.ts";
import { unwantedComponents } from "./bootstrap/packaged-components.ts";
import { writeSeeds } from "./bootstrap/seeds.ts";
import { K3sCluster, type PlatformSystems, type K3sClusterSettings } from "./k3s-cluster.ts";
import { clusterIdentity, kubeconfigPath, readKubeconfig } from "./kubeconfig.ts";
import { nodeMembership } from "./membership/index.ts";
import { plannedMarks } from "./planned-marks.ts";
import { waitUntilReady, type ReadinessArgs } from "./readiness/index.ts";

/** A Kubernetes API, however it came to be: what the platform is deployed to. */
export interface Cluster {
  /** For what needs no pod network. */
  readonly provider: kubernetes.Provider;
  /** The way in for an administrator; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The private key that the servers let in, where the program made some; secret. */
  readonly sshKey?: pulumi.Output<string> | undefined;
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
  configuration: Omit<Configuration, "platform"> & { readonly platform: PlatformSystems },
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
  return { kubeconfig, provider, networked: () => provider };
}

/**
 * The platform waits until every node is ready; machines of one's own have their files by then. With Kilo, which is deployed to the cluster
 * itself, nodes can only join before it, and are ready after it. Where k3s brings Traefik along, the platform waits for that, too, as soon as
 * nodes take pods: with a cloud's controller not before it has told of them.
 */
function createK3s(settings: K3sClusterSettings): Cluster {
  const { name } = settings.cluster;
  const k3s = new K3sCluster(settings);
  const { kubeconfig } = k3s;
  const memberships = membershipsOf(k3s);
  const readiness: ReadinessArgs = {
    kubeconfig,
    nodes: k3s.nodes.map((node) => node.name),
    memberships: [...memberships.values()],
    machines: writeSeeds(machinesAfter(memberships, k3s)),
    ...(settings.dns.provider === "none" && { records: recordLines(k3s.dns) }),
  };
  const isNetworked = settings.cluster.network !== "kilo";
  const { systems } = settings.platform;
  const traefik = !unwantedComponents(systems).includes("traefik");
  const takesPods = isNetworked && cloudControllerBootstrap(systems).cloudController !== true;
  const first = waitUntilReady(
    name,
    {
      ...readiness,
      marks: marksOf(settings, k3s),
      traefik: traefik && takesPods,
      ...(!isNetworked && { until: "joined" }),
    },
    { dependsOn: [k3s] },
  );
  const identity = pulumi.unsecret(kubeconfig.apply(clusterIdentity));
  const access = { kubeconfig, context: name, identity };
  const provider = providerOf(name, access, first);
  return {
    kubeconfig,
    sshKey: k3s.sshKey,
    provider,
    networked(network) {
      if (!network) return provider;
      const networkedName = `${name}-networked`;
      const ready = waitUntilReady(networkedName, { ...readiness, traefik }, { dependsOn: [first, network] });
      return providerOf(networkedName, access, ready);
    },
  };
}

/**
 * Every node leaves the cluster before its server goes. Memberships are not protected like their servers: the engine would refuse to replace
 * a server that somebody asked to replace. A plan that deletes a protected server fails before anything leaves.
 */
function membershipsOf({ servers, machines, kubeconfig }: K3sCluster): Memberships {
  const args = [
    ...servers.map(({ node, id }) => ({ node: node.name, kubeconfig, server: id })),
    ...machines.map(({ node }) => ({ node: node.name, kubeconfig, hasSeed: true })),
  ];
  return new Map(args.map((one) => [one.node, nodeMembership(one.node, one, {})]));
}

/** By node. */
type Memberships = ReadonlyMap<string, pulumi.CustomResource>;

/** A machine that is set up anew gets its files when its predecessor has left: the cluster takes no second node of the name. */
function machinesAfter(memberships: Memberships, { machines }: K3sCluster) {
  return machines.map(({ node, files }) => {
    const left = memberships.get(node.name)?.id;
    return { node, files: left === undefined ? files : left.apply(() => files) };
  });
}

function marksOf(settings: K3sClusterSettings, { nodes, servers }: K3sCluster) {
  const addresses = servers.map(({ node, privateIpv4 }) => [node.name, privateIpv4] as const);
  return plannedMarks(settings, nodes, Object.fromEntries(addresses));
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
