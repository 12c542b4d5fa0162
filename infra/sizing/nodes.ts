import type { Configuration } from "../../config/index.ts";
import { parseCpu, parseQuantity } from "../../config/quantities.ts";
import type { NodeSize } from "./fit.ts";

/** The nodes that the configuration declares, or assumes of a cluster that exists already. */
export function nodesOf({ cluster }: Pick<Configuration, "cluster">): NodeSize[] {
  if (cluster.kind !== "existing") return [];
  const { count, cpu, memory, disk } = cluster.nodes;
  return Array.from({ length: count }, (_, index) => ({
    name: `${cluster.name}-${index + 1}`,
    milliCpu: parseCpu(cpu),
    memory: parseQuantity(memory),
    disk: parseQuantity(disk),
  }));
}
