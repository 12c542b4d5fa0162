import { rm } from "node:fs/promises";
import { liftProtection } from "../engine/protection.ts";
import { UserError } from "../errors.ts";
import { timingsLine } from "../report/timings.ts";
import { requireKnown, withSession, type Session } from "../session/session.ts";
import type { RunOptions } from "../session/options.ts";
import { deleteAll } from "./engine-steps.ts";
import { heading } from "./heading.ts";

/** Deletes everything that the stack made, then the stack itself and its folder. */
export async function down(options: RunOptions): Promise<void> {
  heading(options, "down");
  const folders = requireKnown(options);
  await withSession(options, async (session) => {
    await takeDown(session);
    options.terminal.print(`\n${timingsLine(options.terminal, session.stopwatch)}`);
  });
  // Only now: the cluster's processes have let go of it.
  await rm(folders.stack, { recursive: true, force: true });
}

/**
 * Deletes everything that the stack made, and sees that the simulated clouds hold nothing of it.
 *
 * @throws UserError when something is left.
 */
export async function takeDown(session: Session): Promise<void> {
  const { options, cluster, stack } = session;
  // Protection is for servers that cost something to lose. A real stack is destroyed in two steps: uap:protect first.
  if (cluster.kind === "simulated") await liftProtection(stack);
  await deleteAll(session);
  if (cluster.kind !== "simulated") return;
  const task = options.terminal.task("clouds");
  const left = [...cluster.holdings()].map(([kind, count]) => `${count} ${kind}`);
  if (left.length === 0) {
    task.done("nothing is left: no server, network, firewall, key, volume or record");
    return;
  }
  task.failed("not empty");
  throw new UserError(
    `The simulated clouds still hold ${left.join(", ")}: a real stack would go on paying for them.`,
  );
}
