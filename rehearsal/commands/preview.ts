import { changesReport } from "../report/changes.ts";
import { timingsLine } from "../report/timings.ts";
import { violationsReport, warningsReport } from "../report/remarks.ts";
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
    const sections = [
      changesReport(terminal, plan),
      violationsReport(terminal, plan.violations),
      warningsReport(terminal, plan.warnings),
    ];
    for (const section of sections) if (section !== "") terminal.print(section);
    terminal.print(`\n${timingsLine(terminal, session.stopwatch)}`);
  });
}
