import type * as pulumi from "@pulumi/pulumi";
import { catalogue } from "../catalogue.ts";
import type { Foundation } from "../cluster/index.ts";
import { hostOf, type Deployed, type PlatformConfiguration } from "../layer.ts";
import { layerTitles } from "../kit/labels.ts";
import type { PortalLink } from "./portal/files.ts";
import { Portal } from "./portal/portal.ts";

/**
 * Deploys the delivery layer's systems that are switched on.
 *
 * @param below the systems of all layers below; the portal links to them.
 */
export function deployDevopsLayer(
  configuration: PlatformConfiguration,
  foundation: Foundation,
  below: readonly Deployed[],
): Deployed[] {
  const { systems } = configuration.platform;
  return [...(systems.portal ? [deployPortal(configuration, foundation, below)] : [])];
}

function deployPortal(
  configuration: PlatformConfiguration,
  foundation: Foundation,
  below: readonly Deployed[],
): Deployed {
  const { namespace, service, images } = catalogue.portal;
  const portal = new Portal({
    place: foundation.place(namespace),
    image: images.homepage,
    title: configuration.cluster.name,
    host: hostOf(configuration, service),
    ingress: foundation.ingress,
    ingressController: foundation.ingressController,
    links: portalLinks(below),
  });
  return { system: "portal", url: portal.url, accounts: undefined };
}

/** A link for every system that has an address, under its layer's heading. */
function portalLinks(deployed: readonly Deployed[]): pulumi.Output<PortalLink>[] {
  return deployed.flatMap(({ system, url }) => {
    if (url === undefined) return [];
    const row = catalogue[system];
    const description = "purpose" in row ? row.purpose : "";
    return [
      url.apply((address) => ({
        group: layerTitles[row.layer],
        title: row.title,
        description,
        url: address,
      })),
    ];
  });
}
