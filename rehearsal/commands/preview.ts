import { changesReport } from "../report/changes.ts";
import { timingsLine } from "../report/timings.ts";
import { violationsReport } from "../report/violations.ts";
import { changesOf, resourceOf } from "../engine/journal.ts";
import { withSession } from "../session/session.ts";
import type { RunOptions } from "../session/options.ts";
import { planUpdate } from "./engine-steps.ts";
import { heading } from "./heading.ts";

/** Shows what `up` would change. The API server checks every object, the policy pack every resource; nothing is changed. */
export async function preview(options: RunOptions): Promise<void> {
  heading(options, "preview");
  await withSession(options, async (session) => {
    const plan = await planUpdate(session);
    const { terminal } = options;
    if (options.json) {
      const changes = changesOf(plan).map(({ urn, operation, differences }) => ({
        ...resourceOf(urn),
        urn,
        operation,
        differences,
      }));
      process.stdout.write(`${JSON.stringify({ changes, violations: plan.violations }, undefined, 2)}\n`);
    }
    terminal.print(changesReport(terminal, plan));
    terminal.print(violationsReport(terminal, plan.violations));
    terminal.print(timingsLine(terminal, session.stopwatch));
  });
}
