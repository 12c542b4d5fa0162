import type { Provider } from "../protocol/provider.ts";
import { providerOf } from "../protocol/resource.ts";
import { localCommand, localRun } from "./local.ts";
import { endAll } from "./run.ts";

/** Stand-in for the `command` provider: commands on this machine. There is no other machine to reach in a rehearsal. */
export function command(): Provider {
  return {
    ...providerOf("command", { "command:local:Command": localCommand }, { "command:local:run": localRun }),
    cancel: endAll,
  };
}
