import { z } from "zod";
import type { KubernetesApi } from "../kubernetes-api.ts";
import { obstacleOf, type Obstacle } from "./obstacle.ts";

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      status: z
        .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
        .prefault({}),
    }),
  ),
});

/**
 * Looks at a cluster once, in two requests however many nodes it has.
 *
 * @param nodes names of the nodes that are waited for
 * @param until how far the nodes must be
 * @returns what stands in the way; undefined when the API is ready and every node is so far.
 */
export async function look(
  api: KubernetesApi,
  nodes: readonly string[],
  until: "joined" | "ready" = "ready",
): Promise<Obstacle | undefined> {
  try {
    const ready = await api.request("/readyz");
    if (ready.status === 401 || ready.status === 403) return { kind: "refusal", status: ready.status };
    if (ready.status !== 200) return { kind: "starting", detail: firstFailure(ready.body) };
    return nodesObstacle(nodes, (await api.request("/api/v1/nodes")).body, until);
  } catch (error) {
    return obstacleOf(error, api.server);
  }
}

/** `/readyz` lists its checks, `[-]` before each that fails. */
function firstFailure(body: string): string {
  return /^\[-\](\S+)/m.exec(body)?.[1] ?? "it does not say what it waits for";
}

/** Which of the nodes are missing or not ready, from the API's list of nodes. */
export function nodesObstacle(
  wanted: readonly string[],
  list: string,
  until: "joined" | "ready" = "ready",
): Obstacle | undefined {
  const { items } = nodesSchema.parse(JSON.parse(list));
  const ready = new Map(
    items.map(({ metadata, status }) => [
      metadata.name,
      status.conditions.some(({ type, status: state }) => type === "Ready" && state === "True"),
    ]),
  );
  const missing = wanted.filter((name) => !ready.has(name));
  const unready = until === "joined" ? [] : wanted.filter((name) => ready.get(name) === false);
  return missing.length + unready.length === 0 ? undefined : { kind: "nodes", missing, unready };
}
