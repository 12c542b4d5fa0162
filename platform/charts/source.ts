import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Charts } from "../../config/sections/charts.ts";
import { lockedChart, type ChartName, type LockedChart } from "./lock.ts";

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

/** The charts that a mirror folder lacks, or has otherwise than they were pinned, as lines for people; none for any other source. */
export function missingCharts(names: readonly ChartName[], charts: Charts): string[] {
  if (charts.source !== "mirror" || isRegistry(charts.mirror)) return [];
  return names.flatMap((name) => {
    const file = mirrorFile(name, charts.mirror);
    const complaint = complainAboutFile(file, lockedChart(name).digest);
    return complaint === undefined ? [] : [`${name}: ${complaint}`];
  });
}

/** @param digest of the package that was pinned; undefined where nobody has fetched it yet */
function complainAboutFile(file: string, digest: string | undefined): string | undefined {
  const path = resolve(projectFolder, file);
  if (!existsSync(path)) return `there is no file ${file}`;
  const found = digest === undefined ? undefined : digestOfPackage(path);
  return found === digest
    ? undefined
    : `${file} is not the package that was pinned: its SHA-256 is ${String(found)}, not ${String(digest)}`;
}

/** SHA-256 of a chart's package, in hexadecimal. */
export function digestOfPackage(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** The file of a chart in a mirror folder; relative to the project, where Helm runs too. */
export function mirrorFile(name: ChartName, mirror: string): string {
  return packageFile(name, lockedChart(name), mirror);
}

/** The file of a chart's package in a folder, named as `helm pull` names it. */
export function packageFile(
  name: string,
  { chart = name, version }: Pick<LockedChart, "chart" | "version">,
  folder: string,
): string {
  return join(folder, `${chart}-${version}.tgz`);
}

const projectFolder = resolve(import.meta.dirname, "..", "..");

function isRegistry(place: string): boolean {
  return place.startsWith("oci://");
}
