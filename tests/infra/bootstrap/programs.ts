import { execFile } from "node:child_process";
import { promisify } from "node:util";

type Command = readonly [string, ...string[]];

/** The first of the commands that this machine has and that runs, asked for its version. */
export async function findProgram(...commands: readonly Command[]): Promise<Command | undefined> {
  for (const command of commands) {
    const [program, ...first] = command;
    try {
      await promisify(execFile)(program, [...first, "--version"]);
      return command;
    } catch {
      // Not there: the next one may be.
    }
  }
  return undefined;
}
