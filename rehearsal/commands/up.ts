import { isUpToDate } from "../engine/journal.ts";
import { forgetPendingCreations } from "../engine/pending.ts";
import { withSession } from "../session/session.ts";
import type { RunOptions } from "../session/options.ts";
import { applyUpdate, planUpdate } from "./engine-steps.ts";
import { heading } from "./heading.ts";
import { keepRunning } from "./keep.ts";
import { reportState } from "./state-report.ts";

/** Brings a stack up: plans, checks the policies, and only then changes something. A second run changes nothing. */
export async function up(options: RunOptions): Promise<void> {
  heading(options, "up");
  await withSession(options, async (session) => {
    const plan = await planUpdate(session);
    const upToDate = isUpToDate(plan);
    if (!upToDate) await applyUpdate(session, plan);
    await forgetPendingCreations(session.stack, session.folders.state);
    await reportState(session, { ...plan, changed: !upToDate });
    if (options.keep) await keepRunning(session);
  });
}
