import { rm } from "node:fs/promises";
import { timingsLine } from "../report/timings.ts";
import { requireKnown, withSession } from "../session/session.ts";
import type { RunOptions } from "../session/options.ts";
import { deleteAll } from "./engine-steps.ts";
import { heading } from "./heading.ts";

/** Deletes everything that the stack made, then the stack itself and its folder. */
export async function down(options: RunOptions): Promise<void> {
  heading(options, "down");
  const folders = requireKnown(options);
  await withSession(options, async (session) => {
    await deleteAll(session);
    options.terminal.print(`\n${timingsLine(options.terminal, session.stopwatch)}`);
  });
  // Only now: the cluster's processes have let go of it.
  await rm(folders.stack, { recursive: true, force: true });
}
