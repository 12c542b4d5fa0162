import * as pulumi from "@pulumi/pulumi";
import { rowOf } from "../catalogue.ts";
import { enabledSystems } from "../demands.ts";
import type { PlatformConfiguration } from "../layer.ts";
import type { ChartName } from "./lock.ts";
import { missingCharts } from "./source.ts";

/** The charts of the systems that are on, and Traefik's where the cluster brings none. */
export function chartsOf(configuration: PlatformConfiguration): ChartName[] {
  const { cluster, platform } = configuration;
  const isInstalled =
    cluster.kind === "existing" && cluster.ingress === "install" && platform.systems.ingress;
  const names = enabledSystems(configuration).flatMap((name) => {
    const row = rowOf(name);
    return row.planned ? [] : [...(row.charts ?? [])];
  });
  return [...new Set<ChartName>([...(isInstalled ? (["traefik"] as const) : []), ...names])];
}

/**
 * That the mirror folder holds every chart of the stack as it was pinned: found out before anything is created.
 *
 * @throws pulumi.RunError that names every file that is missing, or another one than was pinned.
 */
export function requireCharts(configuration: PlatformConfiguration): void {
  const missing = missingCharts(chartsOf(configuration), configuration.charts);
  if (missing.length === 0) return;
  throw new pulumi.RunError(
    [
      "The mirror of charts (uap:charts.mirror) does not hold what is pinned; nothing was created:",
      ...missing.map((line) => `  ${line}`),
      "Fill it with `make charts` where there is network, and bring the folder here.",
    ].join("\n"),
  );
}
