import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpType } from "@pulumi/pulumi/automation/index.js";
import { stringify } from "yaml";
import { takeDown } from "../../rehearsal/commands/down.ts";
import { applyUpdate, planUpdate } from "../../rehearsal/commands/engine-steps.ts";
import { changesOf, resourceOf } from "../../rehearsal/engine/journal.ts";
import type { Fault } from "../../rehearsal/engine/fault.ts";
import type { RunOptions } from "../../rehearsal/session/options.ts";
import { withSession, type Session } from "../../rehearsal/session/session.ts";
import { viewCluster } from "../../rehearsal/report/cluster-view.ts";
import { silentTerminal } from "../../bench/silent-terminal.ts";

/** What an update does, or would do, to one resource. */
export interface Change {
  readonly operation: OpType;
  readonly type: string;
  readonly name: string;
}

/** Resource types that are servers, at any cloud. */
const serverType = /(server:Server|droplet:Droplet|instance:Instance)$/i;

/** Whether a change is one of a server. */
export function isServer({ type }: Change): boolean {
  return serverType.test(type);
}

/** A stack in a rehearsal folder of its own, one session after the other. */
export class RehearsedStack {
  readonly stack: string;
  readonly folder: string;

  private constructor(stack: string, folder: string) {
    this.stack = stack;
    this.folder = folder;
  }

  static async open(stack: string): Promise<RehearsedStack> {
    return new RehearsedStack(stack, await mkdtemp(join(tmpdir(), "uap-stack-")));
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  /** Works in a session. @param settings configuration that goes before that of the stack's file, without the prefix `uap:` */
  async session<Result>(
    work: (session: Session) => Promise<Result>,
    settings: Readonly<Record<string, unknown>> = {},
    fault?: Fault,
  ): Promise<Result> {
    const before = process.env.UAP_REHEARSAL;
    process.env.UAP_REHEARSAL = this.folder;
    const options: RunOptions = {
      stack: this.stack,
      keep: false,
      json: false,
      terminal: silentTerminal,
      signal: new AbortController().signal,
      ...(fault !== undefined && { fault }),
    };
    let result: { readonly value: Result } | undefined;
    try {
      await withSession(options, async (session) => {
        await configure(session, settings);
        result = { value: await work(session) };
      });
    } finally {
      if (before === undefined) delete process.env.UAP_REHEARSAL;
      else process.env.UAP_REHEARSAL = before;
    }
    if (!result) throw new Error("The session ended without a result.");
    return result.value;
  }
}

/** Changes the configuration of the stack that is open: the engine's copy of it, never the project's file. */
export async function configure(
  { stack }: Session,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const values = Object.entries(settings).map(
    ([key, value]) =>
      [`uap:${key}`, { value: typeof value === "string" ? value : JSON.stringify(value) }] as const,
  );
  if (values.length > 0) await stack.setAllConfig(Object.fromEntries(values));
}

/** Plans and carries out an update. @returns what it changed */
export async function update(session: Session): Promise<Change[]> {
  const plan = await planUpdate(session);
  return changes(await applyUpdate(session, plan));
}

/** What an update would change. */
export async function plan(session: Session): Promise<Change[]> {
  return changes(await planUpdate(session));
}

/** Deletes everything; fails when the clouds still hold something. */
export async function destroy(session: Session): Promise<void> {
  await takeDown(session);
}

/** The nodes that are ready, by name. */
export async function readyNodes({ cluster }: Session): Promise<string[]> {
  if (!cluster.client) return [];
  const { nodes } = await viewCluster(cluster.client);
  return nodes
    .filter(({ ready }) => ready)
    .map(({ name }) => name)
    .sort();
}

function changes(journal: Parameters<typeof changesOf>[0]): Change[] {
  return changesOf(journal).map(({ urn, operation }) => {
    const { type, name } = resourceOf(urn);
    return { operation, type, name };
  });
}

/** Changes as lines, for messages. */
export function lines(all: readonly Change[]): string {
  return stringify(all.map(({ operation, type, name }) => `${operation} ${type} ${name}`));
}
