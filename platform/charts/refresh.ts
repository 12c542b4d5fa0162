/**
 * Renders every chart of the lock at its pinned version and records what comes out, and fills the mirror folder of a stack:
 * `node platform/charts/refresh.ts [stack]`. To upgrade a chart, change its version in the lock and run this.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { pullChart, renderChart } from "./helm.ts";
import type { ChartsLock } from "./lock.ts";
import { digestOfPackage, packageFile } from "./source.ts";
import { lockChart, lockLocation, lockText } from "./write-lock.ts";

const project = resolve(import.meta.dirname, "..", "..");

const stackSchema = z.looseObject({
  config: z
    .looseObject({ "uap:charts": z.looseObject({ mirror: z.string().optional() }).optional() })
    .default({}),
});

/** The mirror folder that a stack names; undefined when it names none, or a registry. */
function mirrorOf(stack: string): string | undefined {
  const file = resolve(project, `Pulumi.${stack}.yaml`);
  const mirror = stackSchema.parse(parse(readFileSync(file, "utf8"))).config["uap:charts"]?.mirror;
  return mirror === undefined || mirror.startsWith("oci://") ? undefined : resolve(project, mirror);
}

/** One chart after the other; the lock is written only when all of them were rendered. @param folder where their packages go */
function refresh(folder: string): void {
  const before = JSON.parse(readFileSync(lockLocation, "utf8")) as ChartsLock;
  mkdirSync(folder, { recursive: true });
  const charts = Object.entries(before.charts).map(([name, chart]) => {
    console.log(`${name} ${chart.version}`);
    pullChart(name, chart, folder);
    const { definitions, facts } = renderChart(name, chart);
    return [
      name,
      {
        ...(chart.chart !== undefined && { chart: chart.chart }),
        ...lockChart(facts, definitions),
        digest: digestOfPackage(packageFile(name, chart, folder)),
      },
    ] as const;
  });
  writeFileSync(lockLocation, lockText({ charts: Object.fromEntries(charts) }));
}

const passing = mkdtempSync(join(tmpdir(), "uap-charts-"));
try {
  refresh(mirrorOf(process.argv[2] ?? "local") ?? passing);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(passing, { recursive: true });
}
