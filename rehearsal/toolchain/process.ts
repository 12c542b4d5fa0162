import { spawn } from "node:child_process";

import { messageOf } from "../errors.ts";

/** What a short-lived process printed. */
export interface Output {
  /** Whether it ended by itself, in time, with exit code 0. */
  readonly succeeded: boolean;
  /** Standard output and standard error together; the system's message when it could not be started. */
  readonly text: string;
}

/**
 * Runs a command that is expected to print something and end.
 *
 * It gets a process group of its own, so that a wrapper script which hangs is ended with everything it started.
 *
 * @throws the signal's reason when aborted; never because of the command.
 */
export async function readOutput(
  command: string,
  commandArguments: readonly string[],
  options: {
    /** In milliseconds. */
    readonly timeout: number;
    readonly signal: AbortSignal;
    readonly folder?: string;
    /** Variables beside those of this process. */
    readonly environment?: Readonly<Record<string, string>>;
  },
): Promise<Output> {
  options.signal.throwIfAborted();
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeout)]);
  const child = spawn(command, commandArguments, {
    cwd: options.folder,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const endGroup = (): void => {
    endProcessGroup(child.pid);
    // A process that left the group may still hold these open; nobody waits for it.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  limit.addEventListener("abort", endGroup);

  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
    child.once("error", (error) => {
      text += messageOf(error);
      resolve(null);
    });
  });
  limit.removeEventListener("abort", endGroup);
  options.signal.throwIfAborted();
  return { succeeded: code === 0, text };
}

/** Ends a process and everything it started, at once. A group that has ended already is none of our business. */
function endProcessGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // It has ended.
  }
}
