import { changesReport } from "../report/changes.ts";
import { changesOf, isUpToDate } from "../engine/journal.ts";
import { forgetPendingCreations } from "../engine/pending.ts";
import { UserError } from "../errors.ts";
import { timingsLine } from "../report/timings.ts";
import { withSession, type Session } from "../session/session.ts";
import type { RunOptions } from "../session/options.ts";
import { takeDown } from "./down.ts";
import { applyUpdate, planUpdate } from "./engine-steps.ts";
import { heading } from "./heading.ts";
import { keepRunning } from "./keep.ts";
import { preview } from "./preview.ts";
import { reportState } from "./state-report.ts";

/** What a rehearsal does beside bringing the stack up. */
export interface RehearsalOptions extends RunOptions {
  /** Only show what would be made. */
  readonly preview: boolean;
  /** Plan again afterwards, and fail when anything would change. */
  readonly twice: boolean;
  /** Delete everything in the end, and fail when anything is left. */
  readonly destroy: boolean;
}

/**
 * Proves a stack: it comes up, a second run changes nothing, and its end leaves nothing.
 *
 * @throws UserError when one of that is not so.
 */
export async function rehearse(options: RehearsalOptions): Promise<void> {
  if (options.preview) return preview(options);
  heading(options, "rehearse");
  await withSession(options, async (session) => {
    const plan = await planUpdate(session);
    const upToDate = isUpToDate(plan);
    if (!upToDate) await applyUpdate(session, plan);
    await forgetPendingCreations(session.stack, session.folders.state);
    if (options.twice) await requireNoChange(session);
    await reportState(session, { ...plan, changed: !upToDate });
    if (options.keep) await keepRunning(session);
    if (!options.destroy) return;
    await takeDown(session);
    options.terminal.print(`\n${timingsLine(options.terminal, session.stopwatch)}`);
  });
}

/** A stack that is never done would change something at every run, and nobody would look at its plans any more. */
async function requireNoChange(session: Session): Promise<void> {
  const again = await planUpdate(session);
  if (isUpToDate(again)) return;
  const { terminal } = session.options;
  terminal.print(changesReport(terminal, again));
  throw new UserError(
    `A second run would change ${changesOf(again).length} resources, though nothing about the configuration has changed.`,
  );
}
