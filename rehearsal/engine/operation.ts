import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../errors.ts";
import { explainFailure } from "./failure.ts";
import { signalEngine } from "./process.ts";
import { emptyJournal, record, type Journal } from "./journal.ts";

export interface OperationOptions {
  /** Folders of policy packs. @default none */
  readonly policyPacks?: readonly string[];
  /** Called after each event has been entered. */
  readonly onProgress: (journal: Journal) => void;
  readonly signal: AbortSignal;
}

/** Resource operations under way at once. */
const parallel = 40;

/** Plans an update without changing anything. @throws UserError with everything that stands in its way. */
export function preview(stack: Stack, options: OperationOptions): Promise<Journal> {
  return run(options, async (onEvent) => {
    await stack.preview({
      onEvent,
      parallel,
      signal: options.signal,
      color: "never",
      ...(options.policyPacks && { policyPacks: [...options.policyPacks] }),
    });
  });
}

/** Updates the stack. @throws UserError with every resource that failed and why. */
export function up(stack: Stack, options: OperationOptions): Promise<Journal> {
  return run(options, async (onEvent) => {
    await stack.up({
      onEvent,
      parallel,
      signal: options.signal,
      color: "never",
      ...(options.policyPacks && { policyPacks: [...options.policyPacks] }),
    });
  });
}

/** Deletes every resource of the stack. @throws UserError with every resource that could not be deleted and why. */
export function destroy(stack: Stack, options: OperationOptions): Promise<Journal> {
  return run(options, async (onEvent) => {
    await stack.destroy({ onEvent, parallel, signal: options.signal, color: "never" });
  });
}

async function run(
  options: OperationOptions,
  operate: (onEvent: (event: EngineEvent) => void) => Promise<void>,
): Promise<Journal> {
  const journal = emptyJournal();
  try {
    options.signal.throwIfAborted();
    let started = false;
    await operate((event) => {
      // The Automation API overlooks a signal that comes while it starts the engine.
      if (!started && options.signal.aborted) void signalEngine("SIGINT");
      started = true;
      record(journal, event, performance.now());
      options.onProgress(journal);
    });
  } catch (error) {
    if (options.signal.aborted)
      throw new UserError("Interrupted. What was done so far is kept; the next run goes on from there.");
    throw explainFailure(journal, error);
  }
  return journal;
}
