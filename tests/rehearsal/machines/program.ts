/** Programs of a rehearsal: Node, with the resolver before everything else. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cloudsVariable } from "../../../rehearsal/clouds/index.ts";

const resolver = pathToFileURL(
  join(import.meta.dirname, "..", "..", "..", "rehearsal", "clouds", "resolver.ts"),
).href;

/**
 * Runs a program and answers what it printed.
 *
 * @param before options of Node that go before the resolver
 * @throws Error with what it complained about, when it fails
 */
export async function runProgram(
  clouds: string,
  parameters: readonly string[],
  { input = "", before = [] }: { readonly input?: string; readonly before?: readonly string[] } = {},
): Promise<string> {
  const child = spawn(process.execPath, [...before, "--import", resolver, ...parameters], {
    env: { ...process.env, [cloudsVariable]: clouds },
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [printed, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(complaint);
  return printed;
}

/** Asks the cluster of a kubeconfig for its nodes, in a program of its own. */
export async function askForNodes(clouds: string, kubeconfig: string): Promise<readonly string[]> {
  const program = join(import.meta.dirname, "ask-api.ts");
  return (JSON.parse(await runProgram(clouds, [program], { input: kubeconfig })) as string[]).sort();
}
