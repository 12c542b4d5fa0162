import { glob } from "node:fs/promises";
import { relative, resolve } from "node:path";
import Mocha from "mocha";

/**
 * Runs every test file, or those whose path contains one of the words on the command line, and ends with the line
 * `N passed, N failed`. One process: what a test starts on the machine is the only thing that competes with it.
 */
const folder = import.meta.dirname;
const words = process.argv.slice(2);

/** A test that waits for a real engine or API server may take this long, in milliseconds. */
const timeout = 120_000;

const mocha = new Mocha({
  timeout,
  reporter: "spec",
  forbidOnly: true,
  forbidPending: process.env.CI === "true",
});
for (const file of await testFiles()) mocha.addFile(file);
await mocha.loadFilesAsync();

const runner = mocha.run((failures) => {
  const passed = runner.stats?.passes ?? 0;
  console.log(`${passed} passed, ${failures} failed`);
  process.exit(failures === 0 && passed > 0 ? 0 : 1);
});

/** Cheap and telling tests first: style and units before rehearsals. */
async function testFiles(): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob("**/*.test.ts", { cwd: folder })) files.push(resolve(folder, file));
  return files
    .filter((file) => words.length === 0 || words.some((word) => relative(folder, file).includes(word)))
    .sort((a, b) => weight(a) - weight(b) || a.localeCompare(b));
}

function weight(file: string): number {
  const area = relative(folder, file).split("/")[0];
  return area === "rehearsal" ? 1 : 0;
}
