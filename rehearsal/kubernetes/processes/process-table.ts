import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** One process for good: its number alone may be given to another process later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the operating system writes it. */
  readonly started: string;
}

/** Identifies a process that runs now, or answers undefined when there is none. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const started = process.platform === "linux" ? await startInProc(pid) : await askPs("lstart=", [pid]);
  return started === undefined || started === "" ? undefined : { pid, started };
}

/** Tells whether this very process still runs. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.started === identity.started;
}

/** The memory that processes hold (resident set size), together, in bytes. Those that are gone count nothing. */
export async function residentMemory(pids: readonly number[]): Promise<number> {
  const kibibytes =
    process.platform === "linux"
      ? await Promise.all(pids.map(residentInProc))
      : ((await askPs("rss=", pids)) ?? "").split("\n").map(Number);
  return kibibytes.reduce((sum, size) => sum + size, 0) * 1024;
}

/** The start in clock ticks since boot. @see proc_pid_stat(5); counted from the state, behind the name in brackets. */
async function startInProc(pid: number): Promise<string | undefined> {
  const fields = (await readProc(pid, "stat"))?.replace(/^.*\)\s/s, "").split(" ");
  const [state, threads, started] = [fields?.[0], fields?.[17], fields?.[19]];
  // A zombie is nothing but its number; as long as it has threads, though, they hold its files and ports.
  const ended = (state === "Z" || state === "X") && Number(threads) <= 1;
  return ended ? undefined : started;
}

async function residentInProc(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+)/m.exec((await readProc(pid, "status")) ?? "")?.[1] ?? 0);
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined; // The process is gone.
  }
}

async function askPs(column: string, pids: readonly number[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", column, "-p", pids.join(",")]);
    return stdout.trim();
  } catch {
    return undefined; // ps fails when there is no such process.
  }
}
