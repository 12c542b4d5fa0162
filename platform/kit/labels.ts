/** The layers of the platform, from the cluster itself to the delivery tools, in the order in which they are deployed. */
export type Layer = "cluster" | "storage" | "data" | "ml" | "chain" | "devops";

/** The layers as people call them. */
export const layerTitles: Readonly<Record<Layer, string>> = {
  cluster: "Cluster",
  storage: "Storage",
  data: "Data",
  ml: "Machine learning",
  chain: "Blockchain",
  devops: "Delivery",
};

/** Labels that select the pods of a system. They never change, because selectors cannot. */
export type SelectorLabels = Readonly<
  Record<"app.kubernetes.io/name" | "app.kubernetes.io/instance", string>
>;

/** Labels that select one workload of a system. */
export function selectorLabels(system: string, workload: string = system): SelectorLabels {
  return { "app.kubernetes.io/name": system, "app.kubernetes.io/instance": workload };
}

/** Kubernetes' recommended labels for every object of a system. */
export function systemLabels(
  system: string,
  layer: Layer,
  workload: string = system,
): Record<string, string> {
  return {
    ...selectorLabels(system, workload),
    "app.kubernetes.io/component": layer,
    "app.kubernetes.io/part-of": "uap",
  };
}
