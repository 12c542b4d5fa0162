import type { Origin } from "../config/problems.ts";
import { ConfigurationError } from "../config/problems.ts";
import { parseCpu, parseQuantity } from "../config/quantities.ts";
import type { Architecture, Pool } from "../config/sections/pools.ts";
import { isSpot, nodeNames } from "../config/sections/pools.ts";
import type { ClusterNode, NodeSettings } from "./cluster-node.ts";
import { findNodeMistakes } from "./node-checks.ts";
import { labelsOfUse, spotLabel } from "./node-labels.ts";
import { regionLabel, zoneLabel, zoneOf } from "./places.ts";
import { planAddresses } from "./planned-addresses.ts";
import { orderedDisk } from "./sizing/server-type.ts";
import { typeOf } from "./sizing/server-types.ts";

/**
 * The nodes of the stack's pools, in the configuration's order; none on a cluster that exists already. Names and zones follow
 * from the names of pool and node alone, so a pool that comes or goes moves no other pool's nodes.
 *
 * @param origin where the configuration comes from, for the error
 * @throws ConfigurationError with every pool that cannot be had as it is written
 */
export function planNodes(settings: NodeSettings, origin: Origin = {}): ClusterNode[] {
  if (settings.cluster.kind !== "k3s") return [];
  const findings = findNodeMistakes(settings);
  if (findings.length > 0) throw new ConfigurationError(findings, origin);
  const addresses = planAddresses(settings);
  return settings.pools.flatMap((pool) =>
    nodeNames(pool).map((name, index) => ({
      name,
      pool,
      role: pool.role,
      arch: archOf(pool),
      size: sizeOf(pool),
      labels: labelsOf(pool, index),
      taints: pool.taints,
      ingress: pool.ingress,
      plannedAddress: addresses.get(name),
    })),
  );
}

function archOf(pool: Pool): Architecture {
  if (pool.cloud === "on-prem") return pool.arch;
  return pool.arch ?? typeOf(pool)?.arch ?? "amd64";
}

/** What the configuration says goes before what the program knows. */
function sizeOf(pool: Pool): ClusterNode["size"] {
  if (pool.size) {
    const { cpu, memory, disk } = pool.size;
    return { milliCpu: parseCpu(cpu), memory: parseQuantity(memory), disk: parseQuantity(disk) };
  }
  const type = pool.cloud === "on-prem" ? undefined : typeOf(pool);
  if (!type) throw new RangeError(`The size of the nodes of "${pool.name}" is not known.`);
  // Memory is sold in binary units, disks in decimal ones.
  const { vcpus, memory, disk = orderedDisk } = type;
  return { milliCpu: vcpus * 1000, memory: memory * 2 ** 30, disk: disk * 1e9 };
}

/** Labels that a kubelet may set on its own node, so not `node-role.kubernetes.io/…`. */
function labelsOf(pool: Pool, index: number): Record<string, string> {
  const zone = zoneOf(pool, index);
  return {
    ...labelsOfUse(pool),
    [regionLabel]: pool.region,
    ...(zone !== undefined && { [zoneLabel]: zone }),
    ...(pool.cloud !== "on-prem" && { "node.kubernetes.io/instance-type": pool.type }),
    ...(isSpot(pool) && { [spotLabel]: "true" }),
  };
}
