import type * as pulumi from "@pulumi/pulumi";
import type { Cidr } from "../../config/addresses.ts";
import type { CloudPool } from "../../config/sections/pools.ts";
import type { ClusterNode } from "../cluster-node.ts";
import type { FirewallRule } from "../firewall.ts";

/** A node that is ordered from a cloud. */
export type ServerNode = ClusterNode & { readonly pool: CloudPool };

/** What every cloud is told: the nodes that share one of its private networks, and what goes for all of them. */
export interface CloudArgs {
  /** Cluster's name: prefix of what is named per cluster, and value of the tag or label that marks it. */
  readonly cluster: string;
  /** Range of the private network at this cloud and region, from which the nodes' private addresses are. */
  readonly privateCidr: Cidr;
  readonly nodes: readonly ServerNode[];
  /** Rules for every node, computed once for all clouds. Those with servers as sources are known when these exist. */
  readonly firewall: readonly FirewallRule[];
  /** Cloud-init of a node; secret. Ignored for servers that exist already. */
  readonly userData: (node: ServerNode) => pulumi.Output<string>;
  /** The cluster's own public key, which all its servers let in. Operators' keys are in the user-data. */
  readonly sshKey: pulumi.Input<string>;
  /**
   * The key as it is registered already, where several components share an account that takes each key once.
   *
   * @default the component registers `sshKey` itself
   */
  readonly registeredKey?: pulumi.CustomResource;
  /** Protects servers and volumes from deletion. */
  readonly protect: boolean;
}

/** A server that exists. */
export interface CloudServer {
  readonly node: ServerNode;
  /** The cloud's own name for the server: another one is another server. */
  readonly id: pulumi.Output<string>;
  readonly publicIpv4: pulumi.Output<string>;
  /** The address that the server has in the private network: the planned one, or the one that the cloud chose. */
  readonly privateIpv4: pulumi.Output<string>;
  /** Only where the node is to be reached over IPv6: it gets an AAAA record. @default none */
  readonly publicIpv6?: pulumi.Output<string>;
}

/**
 * What a file of this folder exports: a component that creates servers with their network and firewall, one component per cloud and place
 * (see place.ts). What its servers share is named after the cluster and the component, so the component's name is unique in the stack and
 * tells the place, such as `aws-eu-central-1`.
 */
export interface Cloud extends pulumi.ComponentResource {
  readonly servers: readonly CloudServer[];
  /** The SSH key as it is registered, for the next component of the same account. @default it has no key that others could use */
  readonly registeredKey?: pulumi.CustomResource;
}
