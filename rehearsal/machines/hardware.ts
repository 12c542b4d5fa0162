import { clouds, type CloudName } from "../../config/regions.ts";
import type { ClusterNode } from "../../infra/cluster-node.ts";
import { orderedDisk } from "../../infra/sizing/server-type.ts";
import { typeOf } from "../../infra/sizing/server-types.ts";
import type { SimulatedServer } from "../clouds/index.ts";
import type { Hardware } from "./machine.ts";

/** Clouds that Pulumi's packages call otherwise than the configuration does. */
const configuredNames: Readonly<Record<string, CloudName>> = { hcloud: "hetzner" };

/** What a server is made of: its type as the price list says, or else as the configuration says of the pool that orders it. */
export function hardwareOf(server: SimulatedServer, planned: readonly ClusterNode[]): Hardware {
  const { disk } = server;
  return { ...hardwareOfType(server, planned), ...(disk !== undefined && { disk }) };
}

function hardwareOfType(
  { resource, type, name }: SimulatedServer,
  planned: readonly ClusterNode[],
): Hardware {
  const cloud =
    configuredNames[resource.cloud] ?? (resource.cloud in clouds ? (resource.cloud as CloudName) : "hetzner");
  const listed = typeOf({ cloud, type });
  const node =
    planned.find((one) => one.name === name) ??
    planned.find(({ pool }) => pool.cloud !== "on-prem" && pool.type === type);
  if (listed !== undefined) {
    const { vcpus, memory, disk = orderedDisk, arch } = listed;
    return { milliCpu: vcpus * 1000, memory: memory * 2 ** 30, disk: disk * 1e9, arch };
  }
  if (node === undefined) throw new RangeError(`The size of the server type "${type}" is not known.`);
  return { ...node.size, arch: node.arch };
}
