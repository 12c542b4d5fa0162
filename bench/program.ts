import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { seconds, type Seconds } from "./statistics.ts";

/** The program alone, in a process of its own: start, imports, every resource registered with mocks. */
export function measureProgram(stack: string): Promise<Seconds> {
  return seconds(() =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, "run-program.ts"), stack]),
  );
}
