import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/kubernetes";
import type { ObjectMetadata } from "./system.ts";

type PolicyPeer = types.input.networking.v1.NetworkPolicyPeer;

/** One side of an edge: who may be reached, or who may reach. */
export type Peer =
  | {
      readonly kind: "pods";
      readonly namespace: pulumi.Input<string>;
      readonly selector: Readonly<Record<string, string>>;
    }
  | { readonly kind: "namespace"; readonly namespace: pulumi.Input<string> }
  | { readonly kind: "world" };

/** One opening: whom it is for, and the port of whoever is called. */
export interface NetworkEdge {
  readonly peer: Peer;
  readonly port: number;
  /** @default "TCP" */
  readonly protocol?: "TCP" | "UDP";
}

/** What may come in and go out of one workload; everything else stays denied by its namespace. */
export interface NetworkAccessArgs {
  readonly metadata: ObjectMetadata;
  readonly selector: Readonly<Record<string, string>>;
  /** Edges into the workload. */
  readonly from: readonly NetworkEdge[];
  /** Edges out of the workload. @default none but DNS, which the namespace allows */
  readonly to?: readonly NetworkEdge[];
}

/** Opens the edges that the wiring declares, as one NetworkPolicy of the workload they belong to. */
export function networkAccess(
  name: string,
  args: NetworkAccessArgs,
  options: pulumi.CustomResourceOptions,
): kubernetes.networking.v1.NetworkPolicy {
  return new kubernetes.networking.v1.NetworkPolicy(
    name,
    {
      metadata: args.metadata,
      spec: {
        podSelector: { matchLabels: { ...args.selector } },
        policyTypes: args.to ? ["Ingress", "Egress"] : ["Ingress"],
        ingress: args.from.map((edge) => ({ from: [policyPeer(edge.peer)], ports: [policyPort(edge)] })),
        ...(args.to && {
          egress: args.to.map((edge) => ({ to: [policyPeer(edge.peer)], ports: [policyPort(edge)] })),
        }),
      },
    },
    options,
  );
}

function policyPort({ port, protocol = "TCP" }: NetworkEdge): types.input.networking.v1.NetworkPolicyPort {
  return { protocol, port };
}

function policyPeer(peer: Peer): PolicyPeer {
  switch (peer.kind) {
    case "pods":
      return {
        namespaceSelector: namespaceNamed(peer.namespace),
        podSelector: { matchLabels: { ...peer.selector } },
      };
    case "namespace":
      return { namespaceSelector: namespaceNamed(peer.namespace) };
    case "world":
      return { ipBlock: { cidr: "0.0.0.0/0" } };
    default:
      return peer satisfies never;
  }
}

/** Selects a namespace by the label that the API server itself puts on every namespace. */
function namespaceNamed(namespace: pulumi.Input<string>): types.input.meta.v1.LabelSelector {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}
