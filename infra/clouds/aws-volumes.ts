import { Volume } from "@pulumi/aws/ebs/volume.js";
import type { Instance } from "@pulumi/aws/ec2/instance.js";
import type { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { VolumeAttachment } from "@pulumi/aws/ec2/volumeAttachment.js";
import type * as pulumi from "@pulumi/pulumi";
import { volumeSize } from "../../config/sections/pools.ts";
import type { CloudArgs, ServerNode } from "./cloud.ts";
import { volumeOptions } from "./server-options.ts";

/** The first of the names that AWS recommends for data disks; the instance shows the disk as NVMe, by another name. */
const deviceName = "/dev/sdf";

/** What a volume is told beside its node. */
interface AwsVolumeArgs extends Pick<CloudArgs, "protect"> {
  readonly region: string;
  /** The instance's: its zone is known also while the instance is created anew. */
  readonly subnet: Subnet;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Gives an instance its node's volume, when the pool has one: raw, without a filesystem. It grows in place; AWS refuses to shrink it.
 *
 * @returns the instance's id, as the attachment tells it
 */
export function attachAwsVolume(
  instance: Instance,
  node: ServerNode,
  args: AwsVolumeArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> | undefined {
  const size = volumeSize(node.pool);
  if (size === undefined) return undefined;
  const { region, subnet, tags } = args;
  const volume = new Volume(
    `${node.name}-volume`,
    { region, availabilityZone: subnet.availabilityZone, type: "gp3", size, encrypted: true, tags },
    volumeOptions(parent, args),
  );
  return new VolumeAttachment(
    `${node.name}-volume`,
    // A disk that is in use is never detached: AWS would wait for it in vain.
    { region, deviceName, instanceId: instance.id, volumeId: volume.id, stopInstanceBeforeDetaching: true },
    { parent, deleteBeforeReplace: true },
  ).instanceId;
}
