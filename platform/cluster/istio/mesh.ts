import type { Check } from "../../../config/checks/check.ts";
import { alternatives } from "../../../config/suggestions.ts";
import { catalogue } from "../../catalogue.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import type { Peer } from "../../kit/network-access.ts";
import type { IngressSettings } from "../../kit/public-address.ts";
import { hostOf, type PlatformConfiguration } from "../../layer.ts";
import { commonFolders, k3sFolders } from "./cni.ts";
import type { CniFolders } from "./options.ts";
import { Istio } from "./istio.ts";
import type { NamespaceName } from "../namespaces.ts";
import { workspacesOf } from "../users/roles.ts";

export interface MeshArgs {
  /** Where systems are put, before any namespace is in the mesh. */
  readonly place: (namespace: NamespaceName) => ChartPlace;
  readonly ingress: IngressSettings | undefined;
  readonly ingressController: Peer;
}

/** Deploys Istio where it is on. */
export function deployMesh(configuration: PlatformConfiguration, args: MeshArgs): Istio | undefined {
  const options = configuration.platform.systems.istio;
  if (!options) return undefined;
  const { images, namespace, service } = catalogue.istio;
  return new Istio({
    place: args.place(namespace),
    size: options.size,
    members: options.namespaces.map((member) => ({
      ...member,
      namespace: args.place(member.name).namespace,
    })),
    gateway: options.gateway,
    cniImage: images.cni,
    cniFolders: options.cni ?? foldersOf(configuration),
    host: hostOf(configuration, service),
    ingress: args.ingress,
    ingressController: args.ingressController,
  });
}

/**
 * That the namespaces in the mesh are some of those in which developers work. Below are the cluster's operators, storage that kernels mount,
 * and what must be there before the mesh is.
 */
export const meshMemberCheck: Check<PlatformConfiguration> = {
  reads: ["cluster", "platform", "pools"],
  find(configuration) {
    const { namespaces = [] } = configuration.platform.systems.istio ?? {};
    const possible = workspacesOf(configuration);
    return namespaces.flatMap(({ name }, index) =>
      possible.some((one) => one === name)
        ? []
        : [
            {
              path: ["platform", "systems", "istio", "namespaces", index, "name"],
              value: name,
              reason: "is not a namespace of this stack that can be in the mesh.",
              fix: `${possible.length > 0 ? `Choose ${alternatives(possible)}, or switch` : "Switch"} its systems on.`,
            },
          ],
    );
  },
};

/** Kilo's plugins lie where container runtimes look by default; every other network is k3s' own. */
function foldersOf({ cluster }: PlatformConfiguration): CniFolders {
  return cluster.kind === "k3s" && cluster.network === "kilo" ? commonFolders : k3sFolders;
}
