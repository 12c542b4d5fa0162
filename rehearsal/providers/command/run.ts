/** Runs one command and waits for its end. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { text } from "node:stream/consumers";
import { messageOf } from "../../errors.ts";
import type { CommandInputs } from "./inputs.ts";

export interface CommandOutputs {
  readonly stdout: string;
  readonly stderr: string;
}

/** Most lines of output in an error: the end tells why. */
const linesShown = 20;

const running = new Set<ChildProcessWithoutNullStreams>();

/**
 * Runs a command.
 *
 * @param line Given to the interpreter as its last argument.
 * @param extraEnvironment Beside the user's own, which wins.
 * @returns what it printed, without the last line's end.
 * @throws when it cannot start or fails. The error shows the end of the output as far as `logging` allows, but neither the
 * command nor any value of its environment or input: they may be secrets.
 */
export async function runCommand(
  line: string,
  inputs: CommandInputs,
  extraEnvironment: Readonly<Record<string, string>> = {},
): Promise<CommandOutputs> {
  const [program = "", ...options] = inputs.interpreter;
  // A process group of its own: ending it ends whatever it has started.
  const child = spawn(program, [...options, line], {
    cwd: inputs.dir,
    detached: true,
    env: { ...process.env, ...extraEnvironment, ...inputs.environment },
  });
  running.add(child);
  try {
    // A command that does not read its input closes it: no reason to fail.
    child.stdin.on("error", () => undefined).end(inputs.stdin ?? "");
    const [status, stdout, stderr] = await Promise.all([
      ended(child),
      text(child.stdout),
      text(child.stderr),
    ]);
    const outputs = { stdout: stdout.replace(/\n$/, ""), stderr: stderr.replace(/\n$/, "") };
    if (status !== undefined) throw new Error(`The command failed: ${status}${shown(outputs, inputs)}`);
    return outputs;
  } finally {
    running.delete(child);
  }
}

/** Ends every command that is still running, with all that it started. */
export function endAll(): void {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGTERM");
    } catch {
      // It has ended by itself in the meantime.
    }
  }
}

/** @returns undefined for success, else how it ended. */
function ended(child: ChildProcessWithoutNullStreams): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(
        new Error(
          `The command could not be started (does its folder exist, and the interpreter?): ${messageOf(error)}`,
        ),
      );
    });
    child.once("close", (code, signal) => {
      if (signal !== null) resolve(`it was ended by ${signal}`);
      else resolve(code === 0 ? undefined : `exit status ${code}`);
    });
  });
}

function shown(outputs: CommandOutputs, { logging, environment = {}, stdin }: CommandInputs): string {
  const parts = [
    ...(logging === "stdout" || logging === "stdoutAndStderr" ? [outputs.stdout] : []),
    ...(logging === "stderr" || logging === "stdoutAndStderr" ? [outputs.stderr] : []),
  ];
  const lines = parts
    .join("\n")
    .split("\n")
    .filter((line) => line !== "");
  const secrets = [...Object.values(environment), stdin ?? ""].filter(mayBeSecret);
  const masked = secrets.reduce(
    (all, value) => all.replaceAll(value, "[hidden]"),
    lines.slice(-linesShown).join("\n"),
  );
  return masked === "" ? "" : `\n${masked}`;
}

/** Everything may be, but for what is too short to be one, and for names of machines, stacks and the like. */
function mayBeSecret(value: string): boolean {
  return value.length >= 8 && !value.split(",").every((name) => /^[a-z]+(-[a-z]+)*(-?\d{1,3})?$/.test(name));
}
