import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { Socket } from "node:net";
import path from "node:path";

import { messageOf, UserError } from "../../errors.ts";

const guardScript = path.join(import.meta.dirname, "guard.sh");

/** How a process ended: with this exit status, or by a signal when it is above 128. */
export type ExitStatus = number;

/** The status of a guard that was itself ended by SIGKILL. */
const killed: ExitStatus = 128 + 9;

/** What to run. */
export interface GuardedProcessOptions {
  /** Name for people, for example `kube-apiserver`. */
  readonly name: string;
  /** Absolute path of the executable. */
  readonly command: string;
  readonly arguments: readonly string[];
  /** The working directory. */
  readonly folder: string;
  /** Everything that the process prints is added to this file. */
  readonly log: string;
  /** Its environment, beside PATH and HOME: what this process knows else (passwords, say) is none of its business. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A child process that never outlives this process, not even when this process is killed with SIGKILL. */
export class GuardedProcess {
  readonly name: string;
  readonly log: string;
  readonly pid: number;
  /** Resolves once the process has ended and nothing of it is left. */
  readonly ended: Promise<ExitStatus>;
  readonly #guard: ChildProcess;
  readonly #pipe: Socket;

  private constructor(options: GuardedProcessOptions, pid: number, started: StartedGuard) {
    this.name = options.name;
    this.log = options.log;
    this.pid = pid;
    this.ended = started.ended;
    this.#guard = started.guard;
    this.#pipe = started.pipe;
  }

  /**
   * Starts a process. It is in a session of its own: Ctrl-C reaches this process only, which decides what ends when.
   *
   * @throws UserError when there is no shell to start it with.
   */
  static async start(options: GuardedProcessOptions): Promise<GuardedProcess> {
    const started = startGuard(options);
    const { guard, pipe } = started;
    try {
      const failure = once(guard, "error").then(([error]) => {
        throw new UserError(`/bin/sh cannot be started: ${messageOf(error)}`);
      });
      const [line] = (await Promise.race([once(pipe, "data"), failure])) as [Buffer];
      return new GuardedProcess(options, Number(line.toString()), started);
    } finally {
      // Neither keeps this process up: when it is done, its children end with it.
      guard.unref();
      pipe.unref();
    }
  }

  /** Kills the process and waits until it is gone. Does nothing when it has ended already. */
  async kill(): Promise<void> {
    this.#guard.ref();
    this.#pipe.destroy();
    await this.ended;
  }
}

interface StartedGuard {
  readonly guard: ChildProcess;
  readonly pipe: Socket;
  readonly ended: Promise<ExitStatus>;
}

function startGuard(options: GuardedProcessOptions): StartedGuard {
  const log = openSync(options.log, "a", 0o600);
  const guard = spawn("/bin/sh", [guardScript, options.command, ...options.arguments], {
    cwd: options.folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.environment },
    stdio: ["ignore", log, log, "pipe"],
    detached: true,
  });
  closeSync(log);
  const pipe = guard.stdio[3];
  if (!(pipe instanceof Socket)) throw new Error("The pipe to the guard is missing.");
  // The guard may end before the pipe is closed here; nothing is to be done about it.
  pipe.on("error", () => undefined);
  // Listened for from the start: what ends at once may end before its number is read.
  const ended = new Promise<ExitStatus>((resolve) => {
    guard.once("exit", (status) => {
      resolve(status ?? killed);
    });
  });
  return { guard, pipe, ended };
}
