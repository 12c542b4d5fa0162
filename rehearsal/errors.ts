/**
 * A mistake or a circumstance that the person at the terminal can do something about.
 *
 * The command line prints its message alone, without a stack trace; every other error is a defect of ours and is printed
 * whole. The message says what happened, where, and what to do about it.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
