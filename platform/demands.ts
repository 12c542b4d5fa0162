import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../config/problems.ts";
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

/**
 * The nodes of the stack, and that its systems fit on them: found out before anything is created.
 *
 * @throws pulumi.RunError with every pool that cannot be had, or with each resource the cluster is short of and what asks for most of it.
 */
export function requireFit(configuration: PlatformConfiguration): {
  readonly nodes: readonly NodeSize[];
  readonly fit: Fit;
} {
  const nodes = nodesOfStack(configuration);
  const result = fit(nodes, demandsOf(configuration));
  if (result.shortages.length === 0) return { nodes, fit: result };
  const biggest = result.biggest.map(({ system }) => system).join(", ");
  throw new pulumi.RunError(
    [
      `The systems do not fit on the cluster (nodes: ${nodes.length}); nothing was created:`,
      ...result.shortages.map((shortage) => `  ${shortage}`),
      `Add or enlarge nodes, or switch systems off. The biggest are: ${biggest}.`,
    ].join("\n"),
  );
}

function nodesOfStack(configuration: PlatformConfiguration): NodeSize[] {
  try {
    return nodesOf(configuration, { stack: pulumi.getStack() });
  } catch (error) {
    throw error instanceof ConfigurationError ? new pulumi.RunError(error.message, { cause: error }) : error;
  }
}
