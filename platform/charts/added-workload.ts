import type { Resources } from "../kit/container.ts";
import type { LockedContainer, LockedWorkload } from "./lock.ts";

/** What an operator will run that no chart renders: its name and containers, and where it differs from a Deployment with one plain pod. */
export type AddedWorkload = Pick<LockedWorkload, "name" | "containers"> & Partial<LockedWorkload>;

/** A workload that an operator creates: it counts in the budget, and is there in a simulation. */
export function addedWorkload(workload: AddedWorkload): LockedWorkload {
  return { kind: "Deployment", replicas: 1, privileged: false, hostNetwork: false, ...workload };
}

/** A container of such a workload. @param ports @default none */
export function addedContainer(
  name: string,
  image: string,
  resources: Resources,
  ports: LockedContainer["ports"] = [],
): LockedContainer {
  return { name, image, ...resources, ports };
}
