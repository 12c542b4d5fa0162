import { z } from "zod";
import type { KubernetesApi } from "../kubernetes-api.ts";
import { markedNodeSchema, type NodeMarks } from "../node-marks.ts";
import { markNodes } from "./marking.ts";
import { obstacleOf, type Obstacle } from "./obstacle.ts";
import { traefikObstacle } from "./traefik.ts";

const nodeSchema = markedNodeSchema.extend({
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
    .prefault({}),
});
const nodesSchema = z.object({ items: z.array(nodeSchema) });

/** A Node, as far as it tells how far its machine is. */
export interface NodeState {
  readonly metadata: { readonly name: string };
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

/** What a cluster is waited for to be. */
export interface Expectation {
  /** Names of the nodes that are waited for. */
  readonly nodes: readonly string[];
  /** How far they must be. @default "ready" */
  readonly until?: "joined" | "ready";
  /** What Nodes get as soon as they are there, by their names. @default nothing */
  readonly marks?: ReadonlyMap<string, NodeMarks>;
  /** Whether k3s' own Traefik is waited for as well: without its kinds there are no web pages. @default false */
  readonly traefik?: boolean;
}

/**
 * Looks at a cluster once, in two requests however many nodes it has, one more for each Node whose marks are not as they should be, and one
 * for Traefik.
 *
 * @returns what stands in the way; undefined when the API is ready and every node is as expected.
 */
export async function look(
  api: KubernetesApi,
  { nodes, until = "ready", marks = new Map(), traefik = false }: Expectation,
): Promise<Obstacle | undefined> {
  try {
    const ready = await api.request("/readyz");
    if (ready.status === 401 || ready.status === 403) return { kind: "refusal", status: ready.status };
    if (ready.status !== 200) return { kind: "starting", detail: firstFailure(ready.body) };
    const { items } = nodesSchema.parse(JSON.parse((await api.request("/api/v1/nodes")).body));
    const refusal = await markNodes(api, items, marks);
    const obstacle = nodesObstacle(nodes, items, until) ?? refusal;
    return obstacle ?? (traefik ? await traefikObstacle(api) : undefined);
  } catch (error) {
    return obstacleOf(error, api.server);
  }
}

/** `/readyz` lists its checks, `[-]` before each that fails. */
function firstFailure(body: string): string {
  return /^\[-\](\S+)/m.exec(body)?.[1] ?? "it does not say what it waits for";
}

/** Which of the nodes are missing or not ready. */
export function nodesObstacle(
  wanted: readonly string[],
  nodes: readonly NodeState[],
  until: "joined" | "ready" = "ready",
): Obstacle | undefined {
  const ready = new Map(
    nodes.map(({ metadata, status }) => [
      metadata.name,
      status.conditions.some(({ type, status: state }) => type === "Ready" && state === "True"),
    ]),
  );
  const missing = wanted.filter((name) => !ready.has(name));
  const unready = until === "joined" ? [] : wanted.filter((name) => ready.get(name) === false);
  return missing.length + unready.length === 0 ? undefined : { kind: "nodes", missing, unready };
}
