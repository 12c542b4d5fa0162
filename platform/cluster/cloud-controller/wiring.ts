import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { onlyCloudOf } from "../../../config/one-cloud.ts";
import { placeName } from "../../../infra/clouds/cloud-names.ts";
import { catalogue } from "../../catalogue.ts";
import type { PlatformConfiguration } from "../../layer.ts";
import { cloudProgram, type CloudPlace } from "./clouds.ts";
import { cloudToken } from "./credentials.ts";
import { hasController } from "./options.ts";
import { CloudController } from "./cloud-controller.ts";

/** What the controller asks AWS for. From cloud-provider-aws v1.35.0, docs/prerequisites.md, as far as it concerns nodes. */
const awsActions = [
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeInstances",
  "ec2:DescribeInstanceTopology",
  "ec2:DescribeRegions",
];

/**
 * Deploys the controller of the cloud that the nodes are at, if it is on; the configuration has made sure that it is one that has one.
 *
 * @param provider the cluster as it is before any node takes pods
 * @param network what makes the pod network, where the cluster comes without
 */
export function deployCloudController(
  { cluster, platform, pools }: PlatformConfiguration,
  provider: kubernetes.Provider,
  network: pulumi.Resource | undefined,
): CloudController | undefined {
  const options = platform.systems["cloud-controller"];
  const cloud = onlyCloudOf(pools);
  const region = pools[0]?.region;
  if (!options || !hasController(cloud) || region === undefined) return undefined;
  const place = { cluster: cluster.name, region, loadBalancers: options.loadBalancers };
  return new CloudController({
    provider,
    image: catalogue["cloud-controller"].images[cloud],
    program: cloudProgram(cloud, place),
    ...(cloud === "aws"
      ? { token: undefined, rights: (parent) => allowLooking(place, parent, provider) }
      : { token: cloudToken(cloud, options.token) }),
    ...(network && { dependsOn: [network] }),
  });
}

/** Lets the nodes' role look at instances. The provider is there after the nodes, so that the right is gone before their role. */
function allowLooking(
  { cluster, region }: Pick<CloudPlace, "cluster" | "region">,
  parent: pulumi.Resource,
  provider: pulumi.Resource,
): pulumi.Resource {
  const role = placeName(cluster, "aws", region);
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: awsActions, Resource: "*" }],
  });
  return new RolePolicy("cloud-controller", { role, policy }, { parent, dependsOn: [provider] });
}
