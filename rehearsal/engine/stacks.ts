import { readdir } from "node:fs/promises";
import { alternatives, closest } from "../../config/suggestions.ts";
import { UserError } from "../errors.ts";
import { projectFolder } from "../folders.ts";

/** Names of the stacks that the project has a configuration for, sorted. */
export async function listStacks(): Promise<string[]> {
  const files = await readdir(projectFolder);
  return files
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

/** The error for a stack that the project does not have. */
export async function unknownStack(stack: string): Promise<UserError> {
  const stacks = await listStacks();
  const near = closest(stack, stacks);
  return new UserError(
    `There is no stack "${stack}": the project has no file Pulumi.${stack}.yaml. ` +
      (near === undefined ? `Choose ${alternatives(stacks)}.` : `Did you mean "${near}"?`),
  );
}
