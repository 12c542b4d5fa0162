import { z } from "zod";
import type { KubernetesApi } from "../kubernetes-api.ts";
import { markedNodeSchema, marksPatch, type MarkedNode, type NodeMarks } from "../node-marks.ts";
import type { Obstacle } from "./obstacle.ts";

/** Nodes that are written to at once: each takes a connection. */
const atOnce = 16;
/** A kubelet that has just joined writes to its Node too, for a moment. */
const attempts = 5;

/** Writes to Nodes what is wanted of them, as far as they do not have it. @returns what stands in the way */
export async function markNodes(
  api: KubernetesApi,
  nodes: readonly MarkedNode[],
  marks: ReadonlyMap<string, NodeMarks>,
): Promise<Obstacle | undefined> {
  const waiting = nodes.flatMap((node) => {
    const wanted = marks.get(node.metadata.name);
    return wanted && marksPatch(node, wanted) ? [{ node, wanted }] : [];
  });
  const obstacles: (Obstacle | undefined)[] = [];
  for (let first = 0; first < waiting.length; first += atOnce) {
    const batch = waiting.slice(first, first + atOnce);
    obstacles.push(...(await Promise.all(batch.map(({ node, wanted }) => markNode(api, node, wanted)))));
  }
  return obstacles.find((obstacle) => obstacle !== undefined);
}

/** Reads the Node again when it was changed in between. */
async function markNode(
  api: KubernetesApi,
  node: MarkedNode,
  wanted: NodeMarks,
): Promise<Obstacle | undefined> {
  const { name } = node.metadata;
  const path = `/api/v1/nodes/${name}`;
  const gone: Obstacle = { kind: "nodes", missing: [name], unready: [] };
  let current = node;
  for (let attempt = 1; ; attempt++) {
    const body = marksPatch(current, wanted);
    if (!body) return undefined;
    const contentType = "application/merge-patch+json";
    const answer = await api.request(path, { method: "PATCH", contentType, body });
    if (answer.status < 300) return undefined;
    if (answer.status === 404) return gone;
    if (answer.status !== 409 || attempt === attempts)
      return { kind: "marks", node: name, detail: reasonOf(answer.body) };
    const again = await api.request(path);
    if (again.status === 404) return gone;
    current = markedNodeSchema.parse(JSON.parse(again.body));
  }
}

const refusalSchema = z.object({ message: z.string() });

/** The API server's own words. */
function reasonOf(body: string): string {
  try {
    return refusalSchema.parse(JSON.parse(body)).message;
  } catch {
    return body;
  }
}
