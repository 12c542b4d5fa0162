import { Agent, request } from "node:https";
import { z } from "zod";
import type { ApiAccess } from "./access.ts";
import { obstacleOf, type Obstacle } from "./obstacle.ts";

/** One request may take this long, in milliseconds. */
const patience = 5_000;

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

/** Looks at a cluster again and again over one connection. */
export class Probe {
  readonly #access: ApiAccess;
  readonly #agent: Agent;

  constructor(access: ApiAccess) {
    this.#access = access;
    this.#agent = new Agent({
      keepAlive: true,
      ca: access.authority,
      cert: access.certificate,
      key: access.key,
    });
  }

  /**
   * Tells what stands in the way; undefined when the API is ready and so is every node.
   *
   * @param nodes names of the nodes that are waited for
   */
  async look(nodes: readonly string[]): Promise<Obstacle | undefined> {
    try {
      const ready = await this.#get("/readyz");
      if (ready.status === 401 || ready.status === 403) return { kind: "refusal", status: ready.status };
      if (ready.status !== 200) return { kind: "starting", detail: firstFailure(ready.body) };
      return nodesObstacle(nodes, (await this.#get("/api/v1/nodes")).body);
    } catch (error) {
      return obstacleOf(error, this.#access.server);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #get(path: string): Promise<{ readonly status: number; readonly body: string }> {
    return new Promise((resolve, reject) => {
      const call = request(
        new URL(path, this.#access.server),
        { agent: this.#agent, timeout: patience },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          response.once("end", () => {
            resolve({ status: response.statusCode ?? 0, body });
          });
          response.once("error", reject);
        },
      );
      call.once("timeout", () => {
        call.destroy(Object.assign(new Error("no answer"), { code: "UAP_TIMEOUT" }));
      });
      call.once("error", reject);
      call.end();
    });
  }
}

/** `/readyz` lists its checks, `[-]` before each that fails. */
function firstFailure(body: string): string {
  return /^\[-\](\S+)/m.exec(body)?.[1] ?? "it does not say what it waits for";
}

/** Which of the nodes are missing or not ready, from the API's list of nodes. */
export function nodesObstacle(wanted: readonly string[], list: string): Obstacle | undefined {
  const { items } = nodesSchema.parse(JSON.parse(list));
  const ready = new Map(
    items.map(({ metadata, status }) => [
      metadata.name,
      status.conditions.some(({ type, status: state }) => type === "Ready" && state === "True"),
    ]),
  );
  const missing = wanted.filter((name) => !ready.has(name));
  const unready = wanted.filter((name) => ready.get(name) === false);
  return missing.length + unready.length === 0 ? undefined : { kind: "nodes", missing, unready };
}
