import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { seconds, type Seconds } from "./statistics.ts";
import type { Subject } from "./subjects.ts";

/** The program alone, in a process of its own: start, imports, every resource registered with mocks. */
export function measureProgram({ stack, settings = {} }: Subject): Promise<Seconds> {
  const program = join(import.meta.dirname, "run-program.ts");
  return seconds(() => promisify(execFile)(process.execPath, [program, stack, JSON.stringify(settings)]));
}
