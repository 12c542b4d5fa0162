import { lockedChart, type ChartName, type LockedContainer, type LockedWorkload } from "../charts/lock.ts";
import type { Resources } from "../kit/container.ts";

/** What an operator will run that no chart renders. */
interface AddedWorkload {
  readonly kind?: "Deployment" | "DaemonSet";
  readonly name: string;
  /** @default 1 */
  readonly replicas?: number;
  readonly containers: readonly LockedContainer[];
  /** @default false */
  readonly privileged?: boolean;
}

/** A workload that an operator creates: it counts in the budget, and is there in a simulation. */
export function addedWorkload({
  containers,
  kind = "Deployment",
  name,
  privileged = false,
  replicas = 1,
}: AddedWorkload): LockedWorkload {
  return { kind, name, replicas, containers, privileged, hostNetwork: false };
}

/** A container of such a workload. */
export function addedContainer(name: string, image: string, resources: Resources): LockedContainer {
  return { name, image, ...resources, ports: [] };
}

/** The image of a pinned chart whose name ends so. @throws Error when the chart has none */
export function imageOf(chart: ChartName, name: string): string {
  const image = lockedChart(chart).images.find((candidate) => candidate.includes(`/${name}:`));
  if (image === undefined) throw new Error(`The chart ${chart} has no image ${name}.`);
  return image;
}
