import { parseTaint, type Taint } from "../../config/node-marks.ts";
import { parseCpu, parseQuantity } from "../../config/quantities.ts";
import { volumeSize } from "../../config/sections/pools.ts";
import type { ClusterNode, NodeSettings } from "../cluster-node.ts";
import { planNodes } from "../nodes.ts";
import type { NodeSize } from "./fit.ts";

/**
 * The sizes of the nodes: as planned, or as assumed of a cluster that exists already.
 *
 * @throws ConfigurationError with every pool that cannot be had as it is written
 */
export function nodesOf(settings: NodeSettings): NodeSize[] {
  const { cluster } = settings;
  if (cluster.kind === "k3s") return planNodes(settings).map(sizeOf);
  const { count, cpu, memory, disk } = cluster.nodes;
  return Array.from({ length: count }, (_, index) => ({
    name: `${cluster.name}-${index + 1}`,
    milliCpu: parseCpu(cpu),
    memory: parseQuantity(memory),
    disk: parseQuantity(disk),
  }));
}

/** What is stored on a node is stored on its data disk, where it has one. */
function sizeOf({ name, pool, role, size, taints }: ClusterNode): NodeSize {
  const volume = volumeSize(pool);
  const keepsPodsAway = (taint: string) => parseTaint(taint as Taint).effect !== "PreferNoSchedule";
  return {
    name,
    ...size,
    ...(volume !== undefined && { disk: volume * 2 ** 30 }),
    isControlPlane: role === "control-plane",
    isTainted: taints.some(keepsPodsAway),
  };
}
