import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config/index.ts";
import { kubeconfigPath, readKubeconfig } from "./kubeconfig.ts";
import { nodesOf } from "./sizing/nodes.ts";
import type { NodeSize } from "./sizing/fit.ts";

/** A Kubernetes API, however it came to be: what the platform is deployed to. */
export interface Cluster {
  readonly provider: kubernetes.Provider;
  /** The way in for an administrator; secret. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly nodes: readonly NodeSize[];
}

/**
 * Gives the stack its cluster.
 *
 * @throws pulumi.RunError when the cluster cannot be had as configured.
 */
export function connectCluster(configuration: Pick<Configuration, "cluster">): Cluster {
  const { cluster } = configuration;
  switch (cluster.kind) {
    case "existing":
      return connectExisting(cluster.name, cluster.context, nodesOf(configuration));
    case "k3s":
      throw new pulumi.RunError(
        'uap:cluster.kind "k3s": this version deploys to clusters that run already ("existing"); it does not provision servers yet.',
      );
    default:
      return cluster satisfies never;
  }
}

function connectExisting(name: string, context: string | undefined, nodes: readonly NodeSize[]): Cluster {
  const selected = readKubeconfig(kubeconfigPath(), context);
  const kubeconfig = pulumi.secret(selected.contents);
  const provider = new kubernetes.Provider(name, {
    kubeconfig,
    context: selected.context,
    // Renewed certificates or a changed address are the same cluster; another authority is another cluster.
    clusterIdentifier: selected.identity,
    enableServerSideApply: true,
    // Changed in place: pods restart by their checksum, and nothing is missing in between.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
  });
  return { provider, kubeconfig, nodes };
}
