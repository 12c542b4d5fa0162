import { rm } from "node:fs/promises";
import { z } from "zod";
import { takeDown } from "../rehearsal/commands/down.ts";
import { applyUpdate, planUpdate } from "../rehearsal/commands/engine-steps.ts";
import type { Journal } from "../rehearsal/engine/journal.ts";
import { foldersOf } from "../rehearsal/folders.ts";
import { withSession, type Session } from "../rehearsal/session/session.ts";
import { configure } from "../tests/support/rehearsed-stack.ts";
import { silentTerminal } from "./silent-terminal.ts";
import { seconds, type Seconds } from "./statistics.ts";
import type { Subject } from "./subjects.ts";

/** What one life of a stack took. */
export interface StackFigures {
  /** Until the embedded Kubernetes takes work; undefined where servers of simulated clouds form the cluster. */
  readonly kubernetes: Seconds | undefined;
  /** From nothing until every node is ready; undefined where the nodes are there from the start. */
  readonly nodesReady: Seconds | undefined;
  readonly preview: Seconds;
  readonly up: Seconds;
  /** A second `up`: the plan alone, since it is empty. */
  readonly unchanged: Seconds;
  readonly destroy: Seconds;
  /** Bytes. */
  readonly memory: number;
  readonly resources: number;
  /** The Kubernetes objects as the program wrote them. */
  readonly objects: readonly object[];
}

/** Brings a stack up in an empty folder, looks again, and takes it down. */
export async function measureStack({ stack, settings = {} }: Subject): Promise<StackFigures> {
  const started = performance.now();
  const options = {
    stack,
    keep: false,
    json: false,
    terminal: silentTerminal,
    signal: new AbortController().signal,
  };
  let figures: StackFigures | undefined;
  await withSession(options, async (session) => {
    await configure(session, settings);
    const plan = await planUpdate(session);
    const preview = session.stopwatch.parts.get("preview") ?? 0;
    const ready = readyAt(await applyUpdate(session, plan));
    const unchanged = await seconds(() => planUpdate(session));
    const { resources, objects } = await contents(session);
    const memory = await session.cluster.memory();
    await takeDown(session);
    const { parts } = session.stopwatch;
    figures = {
      kubernetes: parts.get("kubernetes"),
      nodesReady: ready === undefined ? undefined : (ready - started) / 1000,
      preview,
      up: parts.get("up") ?? 0,
      unchanged,
      destroy: parts.get("down") ?? 0,
      memory,
      resources,
      objects,
    };
  });
  await rm(foldersOf({ stack }).stack, { recursive: true, force: true });
  if (!figures) throw new Error("The session ended without figures.");
  return figures;
}

/** When the wait between servers and platform was over, on the clock of `performance.now()`: it has the stack's own name. */
function readyAt({ steps }: Journal): number | undefined {
  const isWait = (urn: string) => /^urn:pulumi:([^:]+)::uap::command:local:Command::\1$/.test(urn);
  return [...steps.values()].find(({ urn }) => isWait(urn))?.ended;
}

const deploymentSchema = z.object({
  resources: z.array(z.object({ type: z.string(), inputs: z.looseObject({}).default({}) })),
});

/** Resources and objects in the engine's state. */
async function contents({ stack }: Session): Promise<Pick<StackFigures, "resources" | "objects">> {
  const { deployment } = (await stack.exportStack()) as { deployment: unknown };
  const { resources } = deploymentSchema.parse(deployment);
  const objects = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => revealed(inputs) as object);
  return { resources: resources.length, objects };
}

/** A value with its secrets in clear, which the export wraps as JSON texts. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value && typeof value.plaintext === "string") return JSON.parse(value.plaintext);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, revealed(entry)]));
}
