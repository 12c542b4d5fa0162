import { requireKnown, withSession } from "../session/session.ts";
import type { RunOptions } from "../session/options.ts";
import { heading } from "./heading.ts";
import { reportState } from "./state-report.ts";

/** Shows the state of a stack without changing anything. */
export async function status(options: RunOptions): Promise<void> {
  heading(options, "status");
  requireKnown(options);
  await withSession(options, (session) =>
    reportState(session, { violations: [], warnings: [], steps: new Map(), changed: undefined }),
  );
}
