import type { Fault } from "../engine/fault.ts";
import type { StackPlace } from "../folders.ts";
import type { Terminal } from "../terminal.ts";

/** What a person can say about a run, and where it speaks. */
export interface RunOptions extends StackPlace {
  /** Leave the embedded cluster running until the run is interrupted. */
  readonly keep: boolean;
  /** Print the result as JSON on standard output. */
  readonly json: boolean;
  /** What to make fail in the middle of the update. @default nothing */
  readonly fault?: Fault;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
