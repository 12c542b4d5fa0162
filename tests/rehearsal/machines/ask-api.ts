/** Asks the cluster of the kubeconfig on standard input for its nodes, and prints their names in JSON. */
import { text } from "node:stream/consumers";
import { KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import type { KubernetesList, KubernetesObject } from "../../../rehearsal/kubernetes/objects.ts";

await using client = new KubernetesClient(await text(process.stdin));
const { items } = (await client.request("GET", "/api/v1/nodes")) as KubernetesList<KubernetesObject>;
console.log(JSON.stringify(items.map(({ metadata }) => metadata.name)));
