import { z } from "zod";
import type { CloudName } from "../../../config/regions.ts";
import { onlyCloudOf, placedPools, placesText } from "../../../config/one-cloud.ts";
import type { Sections } from "../../../config/sections/index.ts";
import { systemOptions, type Requirement } from "../../../config/systems.ts";
import { placeOf } from "../../../infra/clouds/place.ts";
import { controllerClouds, type ControllerCloud } from "./clouds.ts";
import { tokenSchema } from "./credentials.ts";

/**
 * `uap:platform.systems.cloud-controller`. Nodes are told of it when they boot for the first time: a cluster has it from its beginning, or its nodes
 * are replaced one by one.
 */
export const cloudControllerOptions = systemOptions({
  /**
   * The cloud's API token for the controller, set by `pulumi config set --secret --path uap:platform.systems.cloud-controller.token`. AWS needs
   * none: there the nodes' role gets the right to look at instances.
   *
   * @default the token that the program itself uses (`hcloud:token`, `digitalocean:token`); without either, `kube-system` must get a Secret
   * `cloud-token` with the key `token` in another way, and no pod starts before
   */
  token: tokenSchema
    .optional()
    .describe("a secret: the cloud's API token, when it is not the one that the program uses"),
  /**
   * Whether Services of the type LoadBalancer get a load balancer of the cloud, each for its own price, in place of the nodes' addresses by k3s.
   * At Hetzner alone, and for Services that name its location by the annotation `load-balancer.hetzner.cloud/location`.
   *
   * @default false
   */
  loadBalancers: z
    .boolean()
    .default(false)
    .describe("true when Services get load balancers of the cloud (only at Hetzner), or false"),
});

export type CloudControllerOptions = z.output<typeof cloudControllerOptions>;

/** Whether a cloud has a controller. */
export function hasController(cloud: CloudName | undefined): cloud is ControllerCloud {
  return (controllerClouds as readonly (CloudName | undefined)[]).includes(cloud);
}

/**
 * Every node waits for the controller before it takes pods, and the controller knows the servers of one private network of one cloud: a node
 * elsewhere would wait for ever.
 */
export const needsOneCloud: Requirement = {
  reads: ["cluster", "pools", "platform"],
  complain(sections) {
    if (sections.cluster.kind !== "k3s") {
      const reason =
        "has to be configured before the nodes are created, but this stack uses a cluster that already runs.";
      return { reason, fix: "Remove it." };
    }
    const fix = "Remove it: k3s' own controller handles nodes anywhere.";
    const pools = placedPools(sections);
    if (pools.length === 0) return undefined;
    const cloud = onlyCloudOf(pools);
    if (!hasController(cloud)) {
      return {
        reason: `needs all nodes at one cloud (Hetzner, DigitalOcean or AWS), but the pools are: ${placesText(pools)}. Nodes elsewhere would never take a pod.`,
        fix,
      };
    }
    const refused = complainAboutBalancers(sections, cloud);
    if (refused) return refused;
    const places = [...new Set(pools.map(({ region }) => placeOf({ cloud, region })))];
    if (places.length === 1) return undefined;
    return {
      reason: `needs all nodes in one private network, but they are in ${places.join(" and ")}.`,
      fix,
    };
  },
};

/** The one Service of the platform that would get one: its host leads to nodes, and load balancers have addresses of their own. */
function complainAboutBalancers({ platform }: Sections, cloud: ControllerCloud) {
  const { systems } = platform;
  if (optionOf(systems["cloud-controller"], "loadBalancers") !== true) return undefined;
  if (cloud !== "hetzner") {
    return { reason: "can create load balancers only at Hetzner.", fix: "Remove `loadBalancers`." };
  }
  if (optionOf(systems.mosquitto, "expose") !== true) return undefined;
  return {
    reason: "cannot create load balancers while mosquitto is exposed: its host name points to the nodes.",
    fix: "Remove `loadBalancers`, or the option `expose` of mosquitto.",
  };
}

/** An option of a system as the stack's file has it. */
function optionOf(said: unknown, option: string): unknown {
  return typeof said === "object" && said !== null
    ? (said as Readonly<Record<string, unknown>>)[option]
    : undefined;
}
