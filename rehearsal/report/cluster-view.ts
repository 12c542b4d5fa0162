import { catalogue, type SystemName } from "../../platform/catalogue.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";
import { ask } from "./ask.ts";
import { viewNode, type NodeObject, type NodeView } from "./node-view.ts";
import { viewPod, type PodObject, type PodView } from "./pod-view.ts";
import { viewResources } from "./resource-view.ts";
import { viewSystems, type SystemView } from "./system-view.ts";
import { viewWorkload, workloadLists, type WorkloadObject, type WorkloadView } from "./workload-view.ts";

/** What a cluster tells of itself: what `up` and `status` show, and print with `--json`. */
export interface ClusterView {
  readonly version: string;
  readonly nodes: readonly NodeView[];
  readonly systems: readonly SystemView[];
  readonly pods: readonly PodView[];
}

/** Asks the API server for everything a report shows. */
export async function viewCluster(client: KubernetesClient): Promise<ClusterView> {
  const [version, nodes, pods, workloads] = await Promise.all([
    ask(client, "/version") as Promise<{ gitVersion: string }>,
    ask(client, "/api/v1/nodes") as Promise<{ items: NodeObject[] }>,
    ask(client, "/api/v1/pods") as Promise<{ items: PodObject[] }>,
    viewWorkloads(client),
  ]);
  const present = systemsOf(workloads);
  const podViews = pods.items.map(viewPod);
  return {
    version: version.gitVersion,
    nodes: nodes.items.map((node) => viewNode(node, pods.items)),
    systems: viewSystems(present, {
      workloads,
      pods: podViews,
      resources: await viewResources(client, present),
    }),
    pods: podViews,
  };
}

async function viewWorkloads(client: KubernetesClient): Promise<WorkloadView[]> {
  const lists = await Promise.all(
    workloadLists.map(async ({ kind, path }) => {
      const { items } = (await ask(client, path)) as { items: WorkloadObject[] };
      return items.map((item) => viewWorkload(kind, item));
    }),
  );
  return lists.flat();
}

/** The systems that the cluster runs, in the order of the catalogue. */
function systemsOf(workloads: readonly WorkloadView[]): SystemName[] {
  const seen = new Set(workloads.map(({ system }) => system));
  return (Object.keys(catalogue) as SystemName[]).filter((name) => seen.has(name));
}
