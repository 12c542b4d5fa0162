import type * as pulumi from "@pulumi/pulumi";
import { hostname } from "../config/hostnames.ts";
import type { Configuration } from "../config/index.ts";
import type { K3sCluster as K3sSettings } from "../config/sections/cluster.ts";
import { kiloAnnotations } from "./bootstrap/kilo.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { labelsOfUse } from "./node-labels.ts";
import type { NodeMarks } from "./node-marks.ts";

/** What the marks follow from beside the nodes. */
export type MarkSettings = Pick<Configuration, "domain"> & { readonly cluster: K3sSettings };

/**
 * What every Node is to get, by name: what its pool says of labels and taints, and with Kilo the annotations that its agent cannot find out by itself.
 *
 * @param privateAddresses of servers by node
 */
export function plannedMarks(
  { cluster, domain }: MarkSettings,
  nodes: readonly ClusterNode[],
  privateAddresses: Readonly<Record<string, pulumi.Output<string>>>,
): Readonly<Record<string, pulumi.Input<NodeMarks>>> {
  const hostOf = (node: string) => hostname({ service: node, cluster: cluster.name, domain });
  const hasKilo = cluster.network === "kilo";
  const marksOf = (node: ClusterNode, privateAddress?: string): NodeMarks => ({
    labels: labelsOfUse(node.pool),
    taints: node.taints,
    annotations: hasKilo ? kiloAnnotations(node, nodes, { hostOf }, privateAddress) : {},
  });
  return Object.fromEntries(
    nodes.map((node) => {
      const address = hasKilo ? privateAddresses[node.name] : undefined;
      return [node.name, address?.apply((known) => marksOf(node, known)) ?? marksOf(node)];
    }),
  );
}
