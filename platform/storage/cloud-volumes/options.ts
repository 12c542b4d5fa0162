import type { z } from "zod";
import { onlyCloudOf, placedPools, placesText } from "../../../config/one-cloud.ts";
import { hasVolumes } from "../../../config/storage-classes.ts";
import { systemOptions, type Requirement } from "../../../config/systems.ts";
import { tokenSchema } from "../../cluster/cloud-controller/credentials.ts";

/** `uap:platform.systems.cloud-volumes`. */
export const cloudVolumesOptions = systemOptions({
  /**
   * The cloud's API token for volumes, set by `pulumi config set --secret --path uap:platform.systems.cloud-volumes.token`. AWS needs none:
   * there the nodes' role gets the right to make volumes.
   *
   * @default the token that the program itself uses (`hcloud:token`, `digitalocean:token`); without either, the namespace `cloud-volumes` must
   * get a Secret `cloud-token` with the key `token` in another way, such as a sealed one
   */
  token: tokenSchema
    .optional()
    .describe("a secret: the cloud's API token, when it is not the one that the program uses"),
});

export type CloudVolumesOptions = z.output<typeof cloudVolumesOptions>;

const instead = "Remove it, and switch on longhorn or rook-ceph in its place.";

/**
 * A volume can be attached to servers of its cloud alone, and a pod that claims one may be sent to any node. The drivers of DigitalOcean and
 * AWS know one region; Hetzner's knows all locations.
 */
export const needsCloudWithVolumes: Requirement = {
  reads: ["cluster", "pools"],
  complain(sections) {
    if (sections.cluster.kind !== "k3s") {
      const reason = "creates volumes at the cloud of the pools, but this stack uses an existing cluster.";
      const fix = "Remove it, and list the cluster's own class under `uap:storage.others`.";
      return { reason, fix };
    }
    const pools = placedPools(sections);
    if (pools.length === 0) return undefined;
    const cloud = onlyCloudOf(pools);
    if (!hasVolumes(cloud)) {
      return {
        reason: `needs all nodes at one cloud (Hetzner, DigitalOcean or AWS), but the pools are: ${placesText(pools)}.`,
        fix: instead,
      };
    }
    const regions = [...new Set(pools.map(({ region }) => region))];
    if (cloud === "hetzner" || regions.length === 1) return undefined;
    return {
      reason: `needs all nodes in one region, but they are in ${regions.join(" and ")}.`,
      fix: instead,
    };
  },
};
