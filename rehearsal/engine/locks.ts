import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";

/** What the engine writes into a lock, as far as it matters here. */
const lockSchema = z.object({ pid: z.number() });

/**
 * Removes the engine's locks that a killed engine left behind. To be called by the one run that has claimed the stack's folder:
 * no other engine can be at work then, but one that outlived its own run.
 *
 * @throws UserError when such an engine still works on the stack.
 */
export async function removeStaleLocks(state: string): Promise<void> {
  const folder = join(state, ".pulumi", "locks");
  const files = await readdir(folder, { recursive: true }).catch((): string[] => []);
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const { pid } = lockSchema.parse(JSON.parse(await readFile(join(folder, file), "utf8")));
    if (isRunning(pid)) {
      throw new UserError(
        `The engine of an earlier run (process ${pid}) still works on this stack. ` +
          "Wait until it has ended, or end it, and run the same command again.",
      );
    }
  }
  await rm(folder, { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
