import { readOutput } from "./process.ts";
import type { Settings } from "./settings.ts";
import type { Tool } from "./tools.ts";

/** The version that an executable reports, without a leading `v`; `undefined` when it does not run or tells none. */
export async function versionOf(path: string, tool: Tool, settings: Settings): Promise<string | undefined> {
  const output = await readOutput(path, tool.versionArguments, {
    timeout: settings.patience.version,
    signal: settings.signal,
    // Without this, Pulumi asks its vendor for a newer version first.
    environment: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return output.succeeded ? versionIn(output.text) : undefined;
}

/** The first semantic version in a text such as `etcd Version: 3.6.14` or `kwok version v0.8.0 go1.26.8`. */
export function versionIn(text: string): string | undefined {
  return /(?<![\w.])v?(\d+\.\d+\.\d+(?:-[\w.]+)?(?:\+[\w.]+)?)(?!\.?\d)/.exec(text)?.[1];
}
