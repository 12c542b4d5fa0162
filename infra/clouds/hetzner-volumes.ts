import type { Server } from "@pulumi/hcloud/server.js";
import { Volume } from "@pulumi/hcloud/volume.js";
import { VolumeAttachment } from "@pulumi/hcloud/volumeAttachment.js";
import type * as pulumi from "@pulumi/pulumi";
import { volumeSize } from "../../config/sections/pools.ts";
import type { CloudArgs, ServerNode } from "./cloud.ts";
import { volumeOptions } from "./server-options.ts";

/**
 * Gives a server its node's volume, when the pool has one: raw, without a filesystem. It grows in place; Hetzner refuses to shrink it.
 *
 * @returns the server's id, as the attachment tells it
 */
export function attachHetznerVolume(
  server: Server,
  node: ServerNode,
  named: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
  args: Pick<CloudArgs, "protect">,
  parent: pulumi.Resource,
): pulumi.Output<string> | undefined {
  const size = volumeSize(node.pool);
  if (size === undefined) return undefined;
  // Hetzner says GB and means GiB.
  const volume = new Volume(
    `${node.name}-volume`,
    { ...named, size, location: node.pool.region },
    volumeOptions(parent, args),
  );
  return new VolumeAttachment(
    `${node.name}-volume`,
    { serverId: server.id.apply(Number), volumeId: volume.id.apply(Number), automount: false },
    { parent, deleteBeforeReplace: true },
  ).serverId.apply(String);
}
