/**
 * A process that obtains one tool, started by tests of several runs at once and of runs that are killed.
 *
 * Usage: run.ts <tool> <cache folder> <modules folder> <search path> <origin of all download sites>.
 * Prints each event as a line of JSON; on a UserError its message, and ends with exit code 1.
 */
import { UserError } from "../../../rehearsal/errors.ts";
import { obtain } from "../../../rehearsal/toolchain/obtain.ts";
import { machineSettings } from "../../../rehearsal/toolchain/settings.ts";
import { TOOLS } from "../../../rehearsal/toolchain/tools.ts";
import { sitesAt } from "./workbench.ts";

const [name = "", cacheFolder = "", modulesFolder = "", searchPath = "", origin = ""] = process.argv.slice(2);
const tools = Object.values(TOOLS).filter((tool) => tool.name === name);
try {
  await obtain(tools, {
    ...machineSettings({
      cacheFolder,
      report: (event) => {
        console.log(JSON.stringify(event));
      },
    }),
    platform: { system: "linux", architecture: "amd64" },
    modulesFolder,
    searchPath,
    sites: sitesAt(origin),
  });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.log(error.message);
  process.exitCode = 1;
}
