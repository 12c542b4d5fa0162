import { lockedCharts, type ChartName, type LockedChart } from "../../platform/charts/lock.ts";

/** Works with another lock than the project's. @param charts what the lock has in place of its own; undefined for nothing */
export async function withLockedCharts<Result>(
  charts: Readonly<Partial<Record<ChartName, LockedChart | undefined>>>,
  work: () => Promise<Result>,
): Promise<Result> {
  const pinned = { ...lockedCharts };
  try {
    for (const [name, chart] of Object.entries(charts)) {
      if (chart) Object.assign(lockedCharts, { [name]: chart });
      else Reflect.deleteProperty(lockedCharts, name);
    }
    return await work();
  } finally {
    Object.assign(lockedCharts, pinned);
  }
}

/** The patch after the pinned one: version and images have another last number. */
export function nextPatch(chart: LockedChart): LockedChart {
  const text = JSON.stringify(chart, (key, value: unknown) =>
    (key === "image" || key === "version" || key === "appVersion") && typeof value === "string"
      ? value.replace(/(\d+\.\d+)(\.\d+)?$/, "$1.99")
      : value,
  );
  return JSON.parse(text) as LockedChart;
}
