/**
 * A process of its own that owns a guarded process, tells its number, and when interrupted tells whether it still runs.
 *
 * @see processes.test.ts
 */
import { join } from "node:path";

import { GuardedProcess } from "../../../rehearsal/kubernetes/processes/guarded-process.ts";

const folder = process.argv[2] ?? "";
const start = (command: string, ...parameters: readonly string[]) =>
  GuardedProcess.start({ name: command, command, arguments: parameters, folder, log: join(folder, "log") });

const guarded = await start("sleep", "60");
let runs = true;
void guarded.ended.then(() => {
  runs = false;
});
process.on("SIGINT", () => {
  // By the time another process has come and gone, the end of the first would have been heard of.
  void start("true")
    .then((other) => other.ended)
    .then(() => process.send?.(runs));
});
process.send?.(guarded.pid);
// Nothing keeps Node up but this.
setInterval(() => undefined, 60_000);
