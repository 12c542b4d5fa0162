import { join } from "node:path";
import { installScript, nodeScript } from "./executable.ts";

/**
 * Puts the program into a folder that the engine starts policy packs with, where it has no language host for Node.js.
 *
 * The engine looks for it on its search path and runs it in the pack's folder with its own address and `.`. The pack is a
 * Node.js project with `runtime: nodejs` in its `PulumiPolicy.yaml`; its main module may be TypeScript as Node runs it.
 *
 * @param folder A folder on the engine's search path.
 */
export async function installPolicyHost(folder: string): Promise<void> {
  await installScript(
    join(folder, "pulumi-analyzer-policy-nodejs"),
    nodeScript("@pulumi/pulumi/cmd/run-policy-pack"),
  );
}
