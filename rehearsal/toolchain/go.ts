import { join } from "node:path";

import coerce from "semver/functions/coerce.js";
import gte from "semver/functions/gte.js";

import { readOutput } from "./process.ts";
import { findExecutable } from "./search-path.ts";
import type { Settings } from "./settings.ts";
import { GO_MINIMUM } from "./tools.ts";

/** The machine's Go, or the reason why it cannot build the tools, as the end of "it cannot be built because …". */
export type Go = { readonly path: string } | { readonly unusable: string };

/**
 * Looks for a Go that is new enough.
 *
 * @param module the folder under `modules/` to ask in: where Go may replace itself by a newer one (its own default), it
 * does so for the version that the module's go.mod wants, and answers with that one.
 */
export async function findGo(settings: Settings, module: string): Promise<Go> {
  const path = await findExecutable("go", settings.searchPath);
  if (path === undefined) return { unusable: `Go ${GO_MINIMUM} or newer is not installed` };

  const output = await readOutput(path, ["version"], {
    timeout: settings.patience.goVersion,
    signal: settings.signal,
    folder: join(settings.modulesFolder, module),
  });
  const version = output.succeeded ? goVersionIn(output.text) : undefined;
  if (version === undefined) {
    return { unusable: `${path} does not tell its version: ${output.text.trim().split("\n").at(-1) ?? ""}` };
  }
  return gte(version, `${GO_MINIMUM}.0`)
    ? { path }
    : { unusable: `${path} is Go ${version} and ${GO_MINIMUM} or newer is needed` };
}

/** The version in an answer such as `go version go1.26.8 linux/amd64`, with three numbers. */
export function goVersionIn(text: string): string | undefined {
  return coerce(/\bgo(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1])?.version;
}
