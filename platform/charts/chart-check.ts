import type { Check } from "../../config/checks/check.ts";
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

/** That the mirror folder holds every chart of the stack as it was pinned: with every file that is missing, or another one than was pinned. */
export const chartCheck: Check<PlatformConfiguration> = {
  reads: ["charts", "cluster", "platform", "pools"],
  find(configuration) {
    const { charts } = configuration;
    const missing = missingCharts(chartsOf(configuration), charts);
    if (charts.source !== "mirror" || missing.length === 0) return [];
    return [
      {
        path: ["charts", "mirror"],
        value: charts.mirror,
        reason: `does not hold the pinned charts: ${missing.join("; ")}.`,
        fix: "Fill it with `make charts` on a machine with access to the Internet, and bring the folder here.",
      },
    ];
  },
};
