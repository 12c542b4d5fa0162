import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";

import satisfies from "semver/functions/satisfies.js";

import type { Settings } from "./settings.ts";
import type { Tool } from "./tools.ts";
import { versionOf } from "./version.ts";

/**
 * The tool's executable on PATH, if its version fits; reports what it found.
 *
 * Only the first executable of that name counts, as in a shell: what a person sees by `pulumi version` is what is used.
 */
export async function toolOnPath(tool: Tool, settings: Settings): Promise<string | undefined> {
  const path = await findExecutable(tool.name, settings.searchPath);
  if (path === undefined) return undefined;

  const found = await versionOf(path, tool, settings);
  const fits = found !== undefined && satisfies(found, tool.accepts);
  const event = { tool: tool.name, version: tool.version, path };
  settings.report(fits ? { ...event, state: "on-path", found } : { ...event, state: "not-fitting", found });
  return fits ? path : undefined;
}

/** The first executable file of that name in a list of folders such as PATH. */
export async function findExecutable(name: string, searchPath: string): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter).filter((entry) => entry !== "")) {
    const path = resolve(join(folder, name));
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** Whether there is a file that this user may execute. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
