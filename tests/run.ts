import { spawn } from "node:child_process";
import { lanes, testFiles } from "./support/lanes.ts";

/**
 * Runs every test file, or those whose path contains one of the words on the command line, and ends with the line
 * `N passed, N failed`.
 *
 * Two processes share the work: one rehearses whole stacks and checks what needs no server, the other one tests the
 * rehearsal's parts. What a process prints comes in one piece, so that a failure can be read.
 */
const words = process.argv.slice(2);
const results = await Promise.all(lanes(await testFiles(words)).map(runLane));
const total = (value: (result: LaneResult) => number) =>
  results.reduce((sum, result) => sum + value(result), 0);

console.log(`${total(({ passed }) => passed)} passed, ${total(({ failed }) => failed)} failed`);
process.exitCode = total(({ failed }) => failed) === 0 && total(({ passed }) => passed) > 0 ? 0 : 1;

interface LaneResult {
  readonly passed: number;
  readonly failed: number;
}

/** Runs some files in a process of their own. One that dies counts as a failure. */
async function runLane(files: readonly string[], lane: number): Promise<LaneResult> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/support/run-lane.ts`, ...files], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let printed = "";
  let result: LaneResult | undefined;
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    // The first lane is shown as it goes; the others follow when they are done.
    if (lane === 0) process.stdout.write(chunk);
    else printed += chunk;
  });
  child.on("message", (message) => (result = message as LaneResult));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  process.stdout.write(printed);
  if (result) return result;
  console.log(`A test process died with exit code ${String(code)}.`);
  return { passed: 0, failed: 1 };
}
