import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

import { UserError } from "../errors.ts";
import { platformName } from "./platform.ts";
import { isExecutable } from "./search-path.ts";
import type { Settings } from "./settings.ts";
import type { Tool } from "./tools.ts";

/** The project's folder for everything that can be obtained again: `UAP_CACHE`, else the user's cache folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.UAP_CACHE) return resolve(environment.UAP_CACHE);
  // The XDG base directory specification wants relative paths ignored.
  const userCache = environment.XDG_CACHE_HOME;
  return join(userCache && isAbsolute(userCache) ? userCache : join(homedir(), ".cache"), "uap");
}

/** The folder of one version of a tool. The platform is part of it: home folders are shared with containers. */
export function toolFolder(tool: Tool, settings: Pick<Settings, "cacheFolder" | "platform">): string {
  return join(settings.cacheFolder, tool.name, `${tool.version}-${platformName(settings.platform)}`);
}

/**
 * Where the executable is, or will be. It lies in a folder `bin`, so that `toolFolder` is also what Pulumi's Automation
 * API calls the root of an installation.
 */
export function toolPath(tool: Tool, settings: Pick<Settings, "cacheFolder" | "platform">): string {
  return join(toolFolder(tool, settings), "bin", tool.name);
}

/** The tool's path if it is cached. It was verified before it got that name, so its being there is enough. */
export async function cachedTool(tool: Tool, settings: Settings): Promise<string | undefined> {
  const path = toolPath(tool, settings);
  if (!(await isExecutable(path))) return undefined;
  settings.report({ tool: tool.name, version: tool.version, state: "cached", path });
  return path;
}

/** What a person reads for each way in which a folder refuses to be written. */
const COMPLAINTS: Readonly<Record<string, string>> = {
  ENOSPC: "is full",
  EDQUOT: "is full (the quota of this user is used up)",
  EROFS: "is read-only",
  EACCES: "may not be written by this user",
  EPERM: "may not be written by this user",
  ENOTDIR: "is not a folder",
  EEXIST: "is not a folder",
};

/** Whether an error says that the cache folder cannot be written. */
export function isCacheError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code in COMPLAINTS
  );
}

/** The error that tells a person about an unusable cache folder, and the way out. */
export function unusableCache(folder: string, error: { readonly code: string }, tool: Tool): UserError {
  const complaint = COMPLAINTS[error.code] ?? "cannot be used";
  return new UserError(
    `The cache folder ${folder} ${complaint}, so ${tool.name} ${tool.version} cannot be kept there: ` +
      "put that right, or set UAP_CACHE to another folder (all tools together take about 500 MB).",
  );
}
