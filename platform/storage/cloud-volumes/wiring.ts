import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import type * as pulumi from "@pulumi/pulumi";
import { onlyCloudOf } from "../../../config/one-cloud.ts";
import { hasVolumes } from "../../../config/storage-classes.ts";
import { placeName } from "../../../infra/clouds/cloud-names.ts";
import { catalogue } from "../../catalogue.ts";
import { cloudToken } from "../../cluster/cloud-controller/credentials.ts";
import type { Foundation } from "../../cluster/index.ts";
import type { PlatformConfiguration } from "../../layer.ts";
import { digitalOceanDriver, ebsDriver } from "./drivers.ts";
import { CloudVolumes } from "./cloud-volumes.ts";
import { HcloudCsi } from "./hcloud-csi.ts";

/**
 * What AWS itself lets a driver of EBS do: make volumes, and change and delete those that it made. From the driver's documentation
 * (docs/install.md, v1.64.0).
 */
const ebsPolicy = "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicyV2";

/** Deploys the volumes of the cloud that the nodes are at, if they are on; the configuration has made sure that it is one that has some. */
export function deployCloudVolumes(
  configuration: PlatformConfiguration,
  foundation: Foundation,
): HcloudCsi | CloudVolumes | undefined {
  const options = configuration.platform.systems["cloud-volumes"];
  const { cluster, pools } = configuration;
  const cloud = onlyCloudOf(pools);
  const region = pools[0]?.region;
  if (!options || !hasVolumes(cloud) || region === undefined) return undefined;
  const { images, namespace } = catalogue["cloud-volumes"];
  const place = foundation.place(namespace);
  const { size, token } = options;
  const common = { place, size, isProtected: configuration.protect };
  const where = { cluster: cluster.name, region };
  switch (cloud) {
    case "hetzner":
      return new HcloudCsi({
        ...{ ...common, cluster: cluster.name, location: region },
        token: cloudToken(cloud, token),
      });
    case "digitalocean":
      return new CloudVolumes({
        ...{ ...common, driver: digitalOceanDriver(images.digitalocean, where) },
        token: cloudToken(cloud, token),
      });
    case "aws":
      return new CloudVolumes({
        ...{ ...common, driver: ebsDriver(images.aws, where), token: undefined },
        rights: (parent) => allowVolumes(where, parent, place.provider),
      });
    default:
      return cloud satisfies never;
  }
}

/** Lets the nodes' role make volumes. The provider is there after the nodes, so that the right is gone before their role. */
function allowVolumes(
  { cluster, region }: { readonly cluster: string; readonly region: string },
  parent: pulumi.Resource,
  provider: pulumi.Resource,
): pulumi.Resource {
  const role = placeName(cluster, "aws", region);
  return new RolePolicyAttachment(
    "cloud-volumes",
    { role, policyArn: ebsPolicy },
    { parent, dependsOn: [provider] },
  );
}
