import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Charts } from "../../config/sections/charts.ts";
import { lockedChart, type ChartName } from "./lock.ts";

/** Where Helm charts are rendered from: anything but recorded facts. */
export type RenderedCharts = Exclude<Charts, { readonly source: "facts" }>;

/** How Helm is told which chart to render. */
export interface ChartReference {
  readonly chart: string;
  /** Undefined for a file, which is of one version. */
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/** The chart at its publisher's, or in the mirror. */
export function chartReference(name: ChartName, charts: RenderedCharts): ChartReference {
  const { chart = name, repository, version } = lockedChart(name);
  if (charts.source === "mirror") {
    return isRegistry(charts.mirror)
      ? { chart: `${charts.mirror.replace(/\/+$/, "")}/${chart}`, version }
      : { chart: mirrorFile(name, charts.mirror) };
  }
  return isRegistry(repository)
    ? { chart: repository, version }
    : { chart, version, repositoryOpts: { repo: repository } };
}

/** The charts that a mirror folder lacks, as lines for people; none for any other source. */
export function missingCharts(names: readonly ChartName[], charts: Charts): string[] {
  if (charts.source !== "mirror" || isRegistry(charts.mirror)) return [];
  return names
    .map((name) => ({ name, file: mirrorFile(name, charts.mirror) }))
    .filter(({ file }) => !existsSync(resolve(projectFolder, file)))
    .map(({ name, file }) => `${name}: there is no file ${file}`);
}

/** The file of a chart in a mirror folder, named as `helm pull` names it; relative to the project, where Helm runs too. */
export function mirrorFile(name: ChartName, mirror: string): string {
  const { chart = name, version } = lockedChart(name);
  return join(mirror, `${chart}-${version}.tgz`);
}

const projectFolder = resolve(import.meta.dirname, "..", "..");

function isRegistry(place: string): boolean {
  return place.startsWith("oci://");
}
