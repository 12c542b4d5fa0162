import { objectType } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { isObject, listOf, valueAt } from "./values.ts";
import type { Values } from "./values.ts";

/** The lists of a pod that hold containers. */
export type ContainerList = "containers" | "initContainers" | "ephemeralContainers";

/** A container of a pod or of a pod template, and where it stands. */
export interface Container {
  /** Its name within the pod; its position when it has none yet. */
  readonly name: string;
  /** The list it stands in. */
  readonly list: ContainerList;
  /** Path inside the resource, for example `spec.template.spec.initContainers[0]`. */
  readonly path: string;
  /** The container itself. */
  readonly properties: Values;
}

const containerLists: readonly ContainerList[] = ["initContainers", "containers", "ephemeralContainers"];

/** Where each kind of workload keeps its pod's specification, by API group and kind. */
const podSpecPaths: ReadonlyMap<string, readonly string[]> = new Map([
  ["core/Pod", ["spec"]],
  ["core/PodTemplate", ["template", "spec"]],
  ["core/ReplicationController", ["spec", "template", "spec"]],
  ["apps/Deployment", ["spec", "template", "spec"]],
  ["apps/StatefulSet", ["spec", "template", "spec"]],
  ["apps/DaemonSet", ["spec", "template", "spec"]],
  ["apps/ReplicaSet", ["spec", "template", "spec"]],
  ["batch/Job", ["spec", "template", "spec"]],
  ["batch/CronJob", ["spec", "jobTemplate", "spec", "template", "spec"]],
]);

/** Path of the pod specification inside a workload; undefined when the resource is not a workload. */
export function podSpecPath(resource: Resource): readonly string[] | undefined {
  const type = objectType(resource);
  return type && podSpecPaths.get(`${type.group}/${type.kind}`);
}

/** Every container of a workload: init containers, containers and ephemeral ones. None for other resources. */
export function containersOf(resource: Resource): Container[] {
  const path = podSpecPath(resource);
  if (path === undefined) return [];
  const podSpec = valueAt(resource.properties, ...path);
  return containerLists.flatMap((list) =>
    listOf(valueAt(podSpec, list)).flatMap((container, index): Container[] => {
      if (!isObject(container)) return [];
      const name = typeof container.name === "string" ? container.name : `number ${index}`;
      return [{ name, list, path: `${path.join(".")}.${list}[${index}]`, properties: container }];
    }),
  );
}
