import { join } from "node:path";
import { installScript, nodeScript } from "./executable.ts";

/**
 * Puts the program into a folder that the engine starts policy packs with, where it has no language host for Node.js.
 *
 * The engine looks for it on its search path and runs it in the pack's folder with its own address and `.`. The pack is a
 * Node.js project with `runtime: nodejs` in its `PulumiPolicy.yaml`. Its main module is JavaScript, because Pulumi's runner
 * would compile TypeScript by itself; what that module imports may be TypeScript, which Node reads.
 *
 * @param folder A folder on the engine's search path.
 */
export async function installPolicyHost(folder: string): Promise<void> {
  await installScript(
    join(folder, "pulumi-analyzer-policy-nodejs"),
    nodeScript(join(import.meta.dirname, "policy-host-program.ts")),
  );
}
