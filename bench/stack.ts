import { rm } from "node:fs/promises";
import { z } from "zod";
import { applyUpdate, deleteAll, planUpdate } from "../rehearsal/commands/engine-steps.ts";
import { foldersOf } from "../rehearsal/folders.ts";
import { withSession, type Session } from "../rehearsal/session/session.ts";
import { silentTerminal } from "./silent-terminal.ts";
import { seconds, type Seconds } from "./statistics.ts";

/** What one life of a stack took. */
export interface StackFigures {
  readonly kubernetes: Seconds;
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
export async function measureStack(stack: string): Promise<StackFigures> {
  const options = {
    stack,
    keep: false,
    json: false,
    terminal: silentTerminal,
    signal: new AbortController().signal,
  };
  let figures: StackFigures | undefined;
  await withSession(options, async (session) => {
    const plan = await planUpdate(session);
    const preview = session.stopwatch.parts.get("preview") ?? 0;
    await applyUpdate(session, plan);
    const unchanged = await seconds(() => planUpdate(session));
    const { resources, objects } = await contents(session);
    const memory = await session.cluster.memory();
    await deleteAll(session);
    const { parts } = session.stopwatch;
    figures = {
      kubernetes: parts.get("kubernetes") ?? 0,
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
