import { clusterTools } from "../session/session-cluster.ts";
import type { RunOptions } from "../session/options.ts";
import { obtainTools, progressLine } from "../toolchain/index.ts";

/** Fetches or builds every tool and says where each is. */
export async function tools({ terminal, signal }: Pick<RunOptions, "terminal" | "signal">): Promise<void> {
  const task = terminal.task("tools");
  try {
    const paths = await obtainTools(["pulumi", ...clusterTools], {
      signal,
      report: (event) => {
        task.update(progressLine(event));
      },
    });
    task.done("all ready");
    for (const [name, path] of Object.entries(paths)) terminal.print(`    ${name.padEnd(24)} ${path}`);
  } catch (error) {
    task.failed("not all there");
    throw error;
  }
}
