import type { Fault } from "../engine/fault.ts";
import type { Terminal } from "../terminal.ts";

/** What a person can say about a run, and where it speaks. */
export interface RunOptions {
  /** The stack's name: `Pulumi.<stack>.yaml`. */
  readonly stack: string;
  /** A kubeconfig file; undefined for the embedded cluster. */
  readonly kubeconfig?: string;
  /** A context of that file. @default its current context */
  readonly context?: string;
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
