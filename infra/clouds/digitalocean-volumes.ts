import type { Droplet } from "@pulumi/digitalocean/droplet.js";
import { Volume } from "@pulumi/digitalocean/volume.js";
import { VolumeAttachment } from "@pulumi/digitalocean/volumeAttachment.js";
import type * as pulumi from "@pulumi/pulumi";
import { volumeSize } from "../../config/sections/pools.ts";
import type { CloudArgs, ServerNode } from "./cloud.ts";
import { volumeOptions } from "./server-options.ts";

/**
 * Gives a droplet its node's volume, when the pool has one: raw, without a filesystem. It grows in place; DigitalOcean refuses to shrink it.
 *
 * @param named its name, which is unique in the region, and its tags
 * @returns the droplet's id, as the attachment tells it
 */
export function attachDigitalOceanVolume(
  droplet: Droplet,
  node: ServerNode,
  named: { readonly name: string; readonly tags: pulumi.Output<string>[] },
  args: Pick<CloudArgs, "protect">,
  parent: pulumi.Resource,
): pulumi.Output<string> | undefined {
  const size = volumeSize(node.pool);
  if (size === undefined) return undefined;
  const description = `Data disk of the node ${node.name}`;
  const volume = new Volume(
    `${node.name}-volume`,
    { ...named, description, size, region: node.pool.region },
    volumeOptions(parent, args),
  );
  return new VolumeAttachment(
    `${node.name}-volume`,
    { dropletId: droplet.id.apply(Number), volumeId: volume.id },
    { parent, deleteBeforeReplace: true },
  ).dropletId.apply(String);
}
