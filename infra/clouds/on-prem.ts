import * as pulumi from "@pulumi/pulumi";
import type { OnPremPool } from "../../config/sections/pools.ts";
import type { ClusterNode } from "../cluster-node.ts";

/** A node on a machine of one's own. */
export type OnPremNode = ClusterNode & { readonly pool: OnPremPool };

/** The files that make a machine a node, by their path on the medium: a NoCloud seed, a boot partition, or a script to join with. */
export type NodeFiles = Readonly<Record<string, string>>;

export interface OnPremArgs {
  readonly nodes: readonly OnPremNode[];
  /** The files of a node; they hold the join token. */
  readonly files: (node: OnPremNode) => pulumi.Input<NodeFiles>;
  /** Public IPv4 addresses by node, of machines that have a fixed one. @default none */
  readonly addresses?: Readonly<Record<string, string>>;
}

/** A machine that somebody else sets up: declared, labelled and waited for like a server. */
export interface OnPremMachine {
  readonly node: OnPremNode;
  /** What to put on the machine; secret. */
  readonly files: pulumi.Output<NodeFiles>;
  /**
   * Its fixed public address. Without one the node gets no DNS record: the name of a gateway with a changing address, such as
   * `lab-gpu.hc1.example.org`, is kept by the dynamic DNS client of its site, and no run of the program takes it away.
   */
  readonly publicIpv4?: pulumi.Output<string>;
}

/** On-premises: creates nothing, and emits for every node what a person has to put on its machine. */
export class OnPrem extends pulumi.ComponentResource {
  readonly machines: readonly OnPremMachine[];
  /** The files of all machines by node, for a stack output; secret. */
  readonly files: pulumi.Output<Readonly<Record<string, NodeFiles>>>;

  constructor(name: string, args: OnPremArgs, options?: pulumi.ComponentResourceOptions) {
    super("uap:infra:OnPrem", name, {}, options);
    this.machines = args.nodes.map((node) => machineOf(node, args));
    this.files = filesByNode(this.machines);
    this.registerOutputs({ files: this.files });
  }
}

function machineOf(node: OnPremNode, args: OnPremArgs): OnPremMachine {
  const address = args.addresses?.[node.name];
  return {
    node,
    files: pulumi.secret(args.files(node)),
    ...(address !== undefined && { publicIpv4: pulumi.output(address) }),
  };
}

function filesByNode(machines: readonly OnPremMachine[]) {
  const entries = machines.map(({ node, files }) => files.apply((texts) => [node.name, texts] as const));
  return pulumi.secret(
    pulumi.all(entries).apply((all): Readonly<Record<string, NodeFiles>> => Object.fromEntries(all)),
  );
}
