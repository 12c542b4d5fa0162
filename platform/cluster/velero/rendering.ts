import { addedContainer, addedWorkload } from "../../charts/added-workload.ts";
import { imageOf, type LockedWorkload } from "../../charts/lock.ts";
import type { Budget } from "../../../config/systems.ts";
import { chartBudget, sumOfBudgets, type Rendering } from "../../charts/rendering.ts";
import type { Resources } from "../../kit/container.ts";

/** What each container may use: Velero asks for little between backups, and reads whole objects during one. */
export const veleroResources = {
  server: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  agent: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  /** The pod that the agent starts for each volume, one at a time on a node: it holds an index of what it reads. */
  mover: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "2Gi" } },
  /** The Job that clears out what no backup needs any more, one at a time. */
  maintenance: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  /** Copies the plugin to the server, once. */
  plugin: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
} as const satisfies Record<string, Resources>;

/** The agent that reads pods' volumes on their nodes. */
function agent(): LockedWorkload {
  const container = addedContainer("node-agent", imageOf("velero", "velero"), veleroResources.agent);
  return addedWorkload({ kind: "DaemonSet", name: "node-agent", containers: [container] });
}

/** What the values make of the chart. */
export function veleroRendering(volumes: boolean): Rendering<"velero"> {
  return {
    workloads: { "Deployment/velero": { containers: { velero: veleroResources.server } } },
    added: volumes ? [agent()] : [],
  };
}

/** What Velero asks of the cluster while it saves: on every node the agent, and what moves a volume. */
export function veleroBudget(volumes: boolean): Budget {
  const { maintenance, mover } = veleroResources;
  const atRest = chartBudget("velero", veleroRendering(volumes));
  if (!volumes) return atRest;
  return sumOfBudgets(atRest, { ...maintenance.requests, perNode: mover.requests });
}
