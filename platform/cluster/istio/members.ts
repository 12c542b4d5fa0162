import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "../../kit/custom-resource.ts";
import { networkAccess, type Peer } from "../../kit/network-access.ts";
import type { IstioOptions } from "./options.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { gatewayName } from "./gateway.ts";
import { istioPorts } from "./values.ts";

/** A namespace in the mesh. */
export type MeshMember = IstioOptions["namespaces"][number] & {
  /** Its name, known once it exists. */
  readonly namespace: pulumi.Output<string>;
};

/** The fields of a `PeerAuthentication` that the platform sets. */
export interface PeerAuthenticationSpec {
  readonly mtls: { readonly mode: "STRICT" | "PERMISSIVE" };
}

/** Labels of istiod's pods by its chart, of the gateway's by the kit, and those that Istio gives pods with a proxy. */
export const meshPeers = {
  istiod: { "app.kubernetes.io/name": "istiod" },
  gateway: selectorLabels("istio", gatewayName),
  proxied: { "security.istio.io/tlsMode": "istio" },
} as const;

export interface JoinArgs {
  readonly member: MeshMember;
  readonly labels: Readonly<Record<string, string>>;
  /** Where proxies get their configuration. */
  readonly istiod: Peer;
  readonly gateway: Peer;
}

/**
 * Has a namespace join the mesh: the ways to istiod and from the gateway, its own rule where it has one, and at last the label that has
 * istiod's webhook put proxies into its pods. The namespace itself stays as it is.
 *
 * @param options `dependsOn` names what must be ready before, and is gone only when nothing of the namespace is in the mesh any more
 * @returns the namespace's name, once it has joined
 */
export function joinMesh(
  { gateway, istiod, labels, member }: JoinArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: pulumi.Resource[] },
): pulumi.Output<string> {
  const { gatewayPorts, mtls, name, namespace } = member;
  const own = `istio-${name}`;
  const metadata = (object: string) => ({ name: object, namespace, labels: { ...labels } });
  const edges = networkAccess(
    own,
    {
      metadata: metadata("istio"),
      selector: {},
      from: gatewayPorts.map((port) => ({ peer: gateway, port })),
      to: [{ peer: istiod, port: istioPorts.xds }],
    },
    options,
  );
  const rule =
    mtls === "permissive"
      ? [
          customResource<PeerAuthenticationSpec>(
            own,
            {
              kind: "security.istio.io/v1/PeerAuthentication",
              metadata: metadata("default"),
              spec: { mtls: { mode: "PERMISSIVE" } },
            },
            options,
          ),
        ]
      : [];
  const label = new kubernetes.core.v1.NamespacePatch(
    own,
    { metadata: { name: namespace, labels: { "istio-injection": "enabled" } } },
    { ...options, dependsOn: [...options.dependsOn, edges, ...rule] },
  );
  return label.metadata.apply((patched) => patched.name);
}
