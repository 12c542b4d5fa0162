import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const folder = join(import.meta.dirname, "..", "fixtures");

/**
 * Holds a text against the one that is kept under tests/fixtures/.
 *
 * `UPDATE_SNAPSHOTS=1` rewrites the kept text; read the difference before you commit it.
 */
export async function matchesSnapshot(name: string, text: string): Promise<void> {
  const file = join(folder, name);
  if (process.env.UPDATE_SNAPSHOTS === "1") {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return;
  }
  const kept = await readFile(file, "utf8").catch(() => {
    throw new Error(
      `There is no snapshot ${name} yet: run the test with UPDATE_SNAPSHOTS=1 and read what it writes.`,
    );
  });
  assert.equal(text, kept);
}
