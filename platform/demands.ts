import type { Check } from "../config/checks/check.ts";
import type { Budget } from "../config/systems.ts";
import { demandOf } from "../infra/sizing/demand.ts";
import { fit, type Demand, type Fit, type NodeSize } from "../infra/sizing/fit.ts";
import { nodesOf } from "../infra/sizing/nodes.ts";
import { catalogue, type SystemName } from "./catalogue.ts";
import type { PlatformConfiguration } from "./layer.ts";

/** What each system that is on asks for. */
export function demandsOf(configuration: PlatformConfiguration): Demand[] {
  return enabledSystems(configuration).map((name) => demandOf(name, budgetOf(name, configuration)));
}

/** Names of the systems that are on, in the order of the catalogue. */
export function enabledSystems(configuration: PlatformConfiguration): SystemName[] {
  const { systems } = configuration.platform;
  return (Object.keys(catalogue) as SystemName[]).filter((name) => systems[name] !== undefined);
}

/** The row's budget under the configured options. */
function budgetOf(name: SystemName, configuration: PlatformConfiguration): Budget {
  const row: { budget(options: unknown): Budget } = catalogue[name];
  return row.budget(configuration.platform.systems[name]);
}

/** The nodes of the stack as planned, and whether its systems fit on them. */
export function fitOf(configuration: PlatformConfiguration): {
  readonly nodes: readonly NodeSize[];
  readonly fit: Fit;
} {
  const nodes = nodesOf(configuration);
  return { nodes, fit: fit(nodes, demandsOf(configuration)) };
}

/** That the systems fit on the nodes: with each resource that the cluster is short of, and what asks for most of it. */
export const fitCheck: Check<PlatformConfiguration> = {
  reads: ["cluster.kind", "cluster.network", "cluster.nodes", "network", "platform", "pools"],
  find(configuration) {
    const { nodes, fit: result } = fitOf(configuration);
    if (result.shortages.length === 0) return [];
    const biggest = result.biggest.map(({ system }) => system).join(", ");
    return [
      {
        path: ["platform", "systems"],
        reason: `do not fit on the cluster (nodes: ${nodes.length}): ${result.shortages.join("; ")}.`,
        fix: `Add or enlarge nodes, or switch systems off. The biggest are: ${biggest}.`,
      },
    ];
  },
};
