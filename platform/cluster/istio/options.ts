import { z } from "zod";
import { complains } from "../../../config/complaint.ts";
import { labelSchema } from "../../../config/names.ts";
import { systemOptions } from "../../../config/systems.ts";

/** A namespace whose pods are in the mesh: each of them gets a proxy. */
const member = z.strictObject({
  name: labelSchema.describe(
    "the name of a namespace of the data, machine learning, chain or delivery layer",
  ),
  /**
   * Whether its pods refuse callers from outside the mesh, as the ingress controller, Prometheus and devices are.
   * @default "strict"
   */
  mtls: z
    .enum(["strict", "permissive"])
    .default("strict")
    .describe(
      "strict, or permissive where the ingress controller or anybody else from outside the mesh calls its pods",
    ),
  /** Ports of its pods that the gateway may reach. @default none */
  gatewayPorts: z
    .array(z.int().min(1).max(65535).describe("a port of its pods, from 1 to 65535"))
    .default([])
    .describe("a list of the ports of its pods that the gateway may reach"),
});

/** Where the nodes' container runtime looks for CNI plugins. */
const cniFolders = z.strictObject({
  plugins: z.string().startsWith("/").describe("the folder of CNI plugins, such as /opt/cni/bin"),
  settings: z.string().startsWith("/").describe("the folder of CNI configuration, such as /etc/cni/net.d"),
});

/** `uap:platform.systems.istio`. */
export const istioOptions = systemOptions({
  /** Each pod in them asks for 10m of CPU and 64Mi of memory more, from the namespace's quota. @default none */
  namespaces: z
    .array(member)
    .default([])
    .check(
      complains((list) =>
        new Set(list.map(({ name }) => name)).size === list.length
          ? undefined
          : { reason: "names a namespace twice.", fix: "Name every namespace once." },
      ),
    )
    .describe("a list of the namespaces in the mesh, each with name, mtls and gatewayPorts"),
  /** Whether requests from outside can be led into the mesh, by VirtualServices of the gateway `istio-system/gateway`. @default true */
  gateway: z
    .boolean()
    .default(true)
    .describe("true for a gateway that leads requests from outside into the mesh, or false"),
  /** @default those of k3s; with its network `kilo`, and so with none of its own, those of Kubernetes */
  cni: cniFolders
    .optional()
    .describe("the nodes' CNI folders, plugins and settings, where they are not those of k3s"),
}).check(
  complains(({ gateway, namespaces }) =>
    !gateway && namespaces.some(({ gatewayPorts }) => gatewayPorts.length > 0)
      ? { reason: "has gatewayPorts but no gateway.", fix: "Remove them, or `gateway: false`." }
      : undefined,
  ),
);

export type IstioOptions = z.output<typeof istioOptions>;
export type CniFolders = NonNullable<IstioOptions["cni"]>;
