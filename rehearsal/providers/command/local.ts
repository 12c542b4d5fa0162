import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { CheckFailure, Properties } from "../protocol/provider.ts";
import { resource } from "../protocol/resource.ts";
import { commandSchema, type CommandInputs } from "./inputs.ts";
import { runCommand } from "./run.ts";

/** `local.Command`: a command when the resource is made, one when its inputs change, one when it is deleted. */
export const localCommand = resource({
  inputs: commandSchema,
  problems: filesAreRefused,
  computed: ["stdout", "stderr"],
  changedByUpdate: ["stdout", "stderr"],
  updatable: Object.keys(commandSchema.shape).filter((name) => name !== "triggers"),
  async create(inputs) {
    const outputs = inputs.create === undefined ? nothing : await runCommand(inputs.create, inputs);
    return { id: `command-${randomBytes(4).toString("hex")}`, outputs: { ...outputs } };
  },
  async update(inputs, state) {
    const line = inputs.update ?? inputs.create;
    return line === undefined ? {} : { ...(await runCommand(line, inputs, previousOutput(inputs, state))) };
  },
  async delete(inputs, state) {
    if (inputs.delete !== undefined) await runCommand(inputs.delete, inputs, previousOutput(inputs, state));
  },
});

const runSchema = commandSchema
  .omit({ create: true, update: true, delete: true, triggers: true })
  .extend({ command: z.string() });

/** `local.run`: a command at every run of the program, in previews too. */
export async function localRun(args: Properties): Promise<Properties> {
  const inputs = runSchema.parse(args);
  const [refused] = filesAreRefused(inputs);
  if (refused !== undefined) throw new Error(`${refused.property}: ${refused.reason}`);
  return { ...args, ...(await runCommand(inputs.command, inputs)) };
}

const nothing = { stdout: "", stderr: "" };

function filesAreRefused(
  inputs: Pick<CommandInputs, "assetPaths" | "archivePaths">,
): readonly CheckFailure[] {
  return (["assetPaths", "archivePaths"] as const)
    .filter((property) => inputs[property] !== undefined)
    .map((property) => ({
      property,
      reason: "not in the rehearsal: the stand-in for local.Command returns stdout and stderr only, no files",
    }));
}

/** What the command before printed, for the next one to use. */
function previousOutput(
  { addPreviousOutputInEnv }: Pick<z.output<typeof commandSchema>, "addPreviousOutputInEnv">,
  state: Properties,
): Readonly<Record<string, string>> {
  const { stdout, stderr } = state;
  if (!addPreviousOutputInEnv || typeof stdout !== "string" || typeof stderr !== "string") return {};
  return { PULUMI_COMMAND_STDOUT: stdout, PULUMI_COMMAND_STDERR: stderr };
}
