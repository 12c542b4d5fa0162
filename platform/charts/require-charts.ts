import * as pulumi from "@pulumi/pulumi";
import { rowOf } from "../catalogue.ts";
import { enabledSystems } from "../demands.ts";
import type { PlatformConfiguration } from "../layer.ts";
import type { ChartName } from "./lock.ts";
import { missingCharts } from "./source.ts";

/** The charts of the systems that are on. */
export function chartsOf(configuration: PlatformConfiguration): ChartName[] {
  const names = enabledSystems(configuration).flatMap((name) => {
    const row = rowOf(name);
    return row.planned ? [] : [...(row.charts ?? [])];
  });
  return [...new Set(names)];
}

/**
 * That the mirror folder holds every chart of the stack: found out before anything is created.
 *
 * @throws pulumi.RunError that names every file that is missing.
 */
export function requireCharts(configuration: PlatformConfiguration): void {
  const missing = missingCharts(chartsOf(configuration), configuration.charts);
  if (missing.length === 0) return;
  throw new pulumi.RunError(
    [
      "The mirror of charts (uap:charts.mirror) is not complete; nothing was created:",
      ...missing.map((line) => `  ${line}`),
      "Fill it with `make charts` where there is network, and bring the folder here.",
    ].join("\n"),
  );
}
