import type { Configuration } from "../../config/index.ts";
import { parseTaint, type Taint } from "../../config/node-marks.ts";
import { parseCpu, parseQuantity } from "../../config/quantities.ts";
import type { ClusterNode } from "../cluster-node.ts";
import type { NodeSize } from "./fit.ts";

/**
 * The sizes of the nodes: as planned, or as assumed of a cluster that exists already.
 *
 * @param planned the nodes of a cluster that the program creates. @default none
 */
export function nodesOf(
  { cluster }: Pick<Configuration, "cluster">,
  planned: readonly ClusterNode[] = [],
): NodeSize[] {
  if (cluster.kind === "k3s") return planned.map(sizeOf);
  const { count, cpu, memory, disk } = cluster.nodes;
  return Array.from({ length: count }, (_, index) => ({
    name: `${cluster.name}-${index + 1}`,
    milliCpu: parseCpu(cpu),
    memory: parseQuantity(memory),
    disk: parseQuantity(disk),
  }));
}

function sizeOf({ name, role, size, taints }: ClusterNode): NodeSize {
  const keepsPodsAway = (taint: string) => parseTaint(taint as Taint).effect !== "PreferNoSchedule";
  return {
    name,
    ...size,
    isControlPlane: role === "control-plane",
    isTainted: taints.some(keepsPodsAway),
  };
}
