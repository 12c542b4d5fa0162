import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ObjectMetadata } from "../kit/system.ts";

/** TCP ports from the first to the last. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

export interface InnerTrafficArgs {
  readonly metadata: ObjectMetadata;
  /** Ports that the nodes' kernels connect to when they mount volumes, from addresses that policies cannot name. */
  readonly fromNodes: readonly PortRange[];
}

/**
 * Opens a storage system's namespace within itself, on all ports, since its daemons choose theirs among each other; and some ports to
 * the nodes.
 */
export function innerTraffic(
  name: string,
  { fromNodes, metadata }: InnerTrafficArgs,
  options: { readonly parent: pulumi.Resource },
): kubernetes.networking.v1.NetworkPolicy {
  const itself = { podSelector: {} };
  return new kubernetes.networking.v1.NetworkPolicy(
    name,
    {
      metadata,
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          { from: [itself] },
          ...(fromNodes.length > 0
            ? [
                {
                  from: [{ ipBlock: { cidr: "0.0.0.0/0" } }],
                  ports: fromNodes.map(({ first, last }) => ({
                    protocol: "TCP",
                    port: first,
                    endPort: last,
                  })),
                },
              ]
            : []),
        ],
        egress: [{ to: [itself] }],
      },
    },
    options,
  );
}
