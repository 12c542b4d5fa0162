import * as pulumi from "@pulumi/pulumi";
import { catalogue } from "../catalogue.ts";
import type { Foundation } from "../cluster/index.ts";
import type { PlatformConfiguration } from "../layer.ts";
import { complainAboutNodes, HcloudCsi } from "./hcloud-csi.ts";

/**
 * Deploys Hetzner's volumes, if they are on.
 *
 * @throws pulumi.RunError when a node is elsewhere
 */
export function deployCloudVolumes(
  configuration: PlatformConfiguration,
  foundation: Foundation,
): HcloudCsi | undefined {
  const options = configuration.platform.systems["cloud-volumes"];
  if (!options) return undefined;
  const { cluster, pools } = configuration;
  const complaint = complainAboutNodes(pools);
  if (complaint !== undefined) throw new pulumi.RunError(complaint);
  const { size, token } = options;
  return new HcloudCsi({
    place: foundation.place(catalogue["cloud-volumes"].namespace),
    size,
    cluster: cluster.name,
    token: token ? pulumi.secret(token.reveal()) : new pulumi.Config("hcloud").getSecret("token"),
    location: pools[0]?.region,
  });
}
