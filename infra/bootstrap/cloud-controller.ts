import type { PackagedComponent } from "./node-bootstrap.ts";

/** What nodes are told of their cloud's controller. */
export interface CloudControllerBootstrap {
  readonly cloudController?: true;
  /** What would do the same work, and is left out. */
  readonly replaced: readonly PackagedComponent[];
}

/**
 * What follows from the system `cloud-controller`, which the configuration allows where all nodes are at one cloud. k3s goes on to serve
 * Services of the type LoadBalancer from the nodes, unless the cloud's controller makes load balancers for them.
 *
 * @param systems the systems that are on, by name, with their options
 */
export function cloudControllerBootstrap(
  systems: Readonly<Record<string, unknown>>,
): CloudControllerBootstrap {
  const options = systems["cloud-controller"] as { readonly loadBalancers?: boolean } | undefined;
  if (options === undefined) return { replaced: [] };
  return { cloudController: true, replaced: options.loadBalancers === true ? ["servicelb"] : [] };
}
