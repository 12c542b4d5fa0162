import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Sends a signal to the engine's processes that this process started; none is left out and no other is touched. */
export async function signalEngine(signal: "SIGINT" | "SIGKILL"): Promise<void> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,comm="]);
  const pids = stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, command]) => Number(parent) === process.pid && command?.endsWith("pulumi"))
    .map(([pid]) => Number(pid));
  for (const pid of pids) process.kill(pid, signal);
}
