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
  return run(options, (common) => stack.preview(common));
}

/** Updates the stack. @throws UserError with every resource that failed and why. */
export function up(stack: Stack, options: OperationOptions): Promise<Journal> {
  return run(options, (common) => stack.up(common));
}

/** Deletes every resource of the stack. @throws UserError with every resource that could not be deleted and why. */
export function destroy(stack: Stack, options: OperationOptions): Promise<Journal> {
  return run(options, (common) => stack.destroy(common));
}

/** What all operations of the engine are told. */
interface CommonOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly color: "never";
  readonly policyPacks?: string[];
}

async function run(
  options: OperationOptions,
  operate: (common: CommonOptions) => Promise<unknown>,
): Promise<Journal> {
  const { signal, onProgress, policyPacks } = options;
  const journal = emptyJournal();
  let started = false;
  const onEvent = (event: EngineEvent) => {
    // The Automation API overlooks a signal that comes while it starts the engine.
    if (!started && signal.aborted) void signalEngine("SIGINT");
    started = true;
    record(journal, event, performance.now());
    onProgress(journal);
  };
  try {
    signal.throwIfAborted();
    const packs = policyPacks && { policyPacks: [...policyPacks] };
    await operate({ onEvent, parallel, signal, color: "never", ...packs });
  } catch (error) {
    if (signal.aborted)
      throw new UserError("Interrupted. What was done so far is kept; the next run goes on from there.");
    throw explainFailure(journal, error);
  }
  return journal;
}
