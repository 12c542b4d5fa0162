import { Command, Option } from "commander";
import { credentials } from "./commands/credentials.ts";
import { down } from "./commands/down.ts";
import { preview } from "./commands/preview.ts";
import { rehearse, type RehearsalOptions } from "./commands/rehearse.ts";
import { status } from "./commands/status.ts";
import { tools } from "./commands/tools.ts";
import { up } from "./commands/up.ts";
import { faults } from "./engine/fault.ts";
import { UserError } from "./errors.ts";
import type { RunOptions } from "./session/options.ts";
import { openTerminal } from "./terminal.ts";

/** What a shell reports for a program that Ctrl-C ended. */
const interruptedExitCode = 130;

const interruption = new AbortController();
const terminal = openTerminal();

const program = new Command("uap")
  .description(
    "Runs a stack for real: the Pulumi engine, the program, its policies, and a Kubernetes API server.",
  )
  .showHelpAfterError()
  .showSuggestionAfterError();

/** A command on one stack, with the options that all of them share. */
function stackCommand(
  name: string,
  description: string,
  run: (options: RehearsalOptions) => Promise<void>,
): Command {
  return program
    .command(name)
    .description(description)
    .addOption(new Option("-s, --stack <name>", "the stack: Pulumi.<name>.yaml").default("local"))
    .addOption(new Option("--kubeconfig <file>", "deploy to this cluster instead of the embedded one"))
    .addOption(new Option("--context <name>", "the context of the kubeconfig to use"))
    .addOption(new Option("--keep", "leave the cluster running until Ctrl-C").default(false))
    .addOption(new Option("--json", "print the result as JSON on standard output").default(false))
    .addOption(
      new Option("--fault <fault>", "make this fail in the middle of an update")
        .choices(faults)
        .hideHelp(name !== "up" && name !== "rehearse"),
    )
    .action(async (flags: CommandFlags) => {
      const proof = { preview: false, twice: false, destroy: false };
      await run({ ...proof, ...flags, terminal, signal: interruption.signal });
    });
}

/** The options of a command; those of a rehearsal are given to that one only. */
type CommandFlags = Omit<RunOptions, "terminal" | "signal">;

stackCommand("rehearse", "bring the stack up and prove it: on simulated clouds, with no account", rehearse)
  .addOption(new Option("--twice", "plan again afterwards: nothing may change").default(false))
  .addOption(new Option("--destroy", "delete everything in the end: nothing may be left").default(false))
  .addOption(new Option("--preview", "only show what would be made").default(false));
stackCommand("up", "bring the stack up", up);
stackCommand("preview", "show what `up` would change, and check it against the policies", preview);
stackCommand(
  "status",
  "show nodes, the health and address of every system, and the fit of the stack",
  status,
);
stackCommand("credentials", "print the generated accounts of the stack", credentials);
stackCommand("down", "delete everything that the stack made", down);
program
  .command("tools")
  .description("fetch or build the engine and Kubernetes now")
  .action(() => tools({ terminal, signal: interruption.signal }));

process.on("SIGINT", interrupt);
process.on("SIGTERM", interrupt);

/** The first Ctrl-C ends the run in order; the second one at once. The child processes end with this one either way. */
function interrupt(): void {
  if (interruption.signal.aborted) process.exit(interruptedExitCode);
  terminal.print("\n  Stopping … (press Ctrl-C again to stop at once)");
  interruption.abort();
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = interruption.signal.aborted ? interruptedExitCode : 1;
  if (error instanceof UserError) terminal.print(`\n${terminal.style("red", error.message)}`);
  else terminal.print(error instanceof Error ? error.stack : String(error));
}
