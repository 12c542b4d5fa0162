import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { Socket } from "node:net";

import { messageOf, UserError } from "../../errors.ts";

/**
 * A shell between this process and the tool. It tells the tool's number, then waits for whichever ends first: the tool, or
 * the pipe on descriptor 3, which the operating system closes when this process ends, however it ends. In the second case it
 * kills the tool. The tool is a child of the shell, so that its number stays taken until the shell knows of its end.
 */
const guardScript = `
"$@" 3<&- &
tool=$!
exec >/dev/null 2>&1
echo $tool >&3
{ read -r line <&3; kill -KILL $tool; } &
watcher=$!
wait $tool
status=$?
kill -KILL $watcher
wait $watcher
exit $status
`;

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

  private constructor(options: GuardedProcessOptions, pid: number, guard: ChildProcess, pipe: Socket) {
    this.name = options.name;
    this.log = options.log;
    this.pid = pid;
    this.#guard = guard;
    this.#pipe = pipe;
    this.ended = new Promise((resolve) => {
      guard.once("exit", (status) => {
        pipe.destroy();
        resolve(status ?? killed);
      });
    });
  }

  /**
   * Starts a process. It is in a session of its own: Ctrl-C reaches this process only, which decides what ends when.
   *
   * @throws UserError when there is no shell to start it with.
   */
  static async start(options: GuardedProcessOptions): Promise<GuardedProcess> {
    const log = openSync(options.log, "a", 0o600);
    const child = spawn("/bin/sh", ["-c", guardScript, options.name, options.command, ...options.arguments], {
      cwd: options.folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.environment },
      stdio: ["ignore", log, log, "pipe"],
      detached: true,
    });
    closeSync(log);
    const pipe = child.stdio[3];
    if (!(pipe instanceof Socket)) throw new Error("The pipe to the guard is missing.");
    // The guard may end before the pipe is closed here; nothing is to be done about it.
    pipe.on("error", () => undefined);
    try {
      const [line] = (await Promise.race([once(pipe, "data"), once(child, "error").then(failStart)])) as [
        Buffer,
      ];
      return new GuardedProcess(options, Number(line.toString()), child, pipe);
    } finally {
      // Neither keeps this process up: when it is done, its children end with it.
      child.unref();
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

function failStart([error]: unknown[]): never {
  throw new UserError(`/bin/sh cannot be started: ${messageOf(error)}`);
}
