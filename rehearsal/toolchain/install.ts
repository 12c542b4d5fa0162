import { chmod, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { UserError } from "../errors.ts";
import { buildExecutable } from "./build.ts";
import { cachedTool, isCacheError, toolFolder, toolPath, unusableCache } from "./cache.ts";
import { DownloadError, downloadExecutable } from "./download.ts";
import { withLock } from "./lock.ts";
import { findMeans, type Means, missingTools } from "./means.ts";
import type { Settings } from "./settings.ts";
import type { Tool } from "./tools.ts";
import { versionOf } from "./version.ts";

/** Names the folders in which a tool is put together before it gets its name. */
const PARTIAL = ".partial-";

/**
 * Downloads or builds tools into the cache, one after the other: both already use all of the line or of the processors.
 *
 * @returns the tools' paths by name.
 */
export async function installTools(
  tools: readonly Tool[],
  settings: Settings,
): Promise<ReadonlyMap<string, string>> {
  const means = await findMeans(tools, settings);
  const paths = new Map<string, string>();
  const failures: string[] = [];
  for (const tool of tools) {
    try {
      paths.set(tool.name, await installTool(tool, means, settings));
    } catch (error) {
      if (isCacheError(error)) throw unusableCache(settings.cacheFolder, error, tool);
      // Only a machine without Go comes here: the other downloads may fail too, and all are told at once.
      if (!(error instanceof DownloadError)) throw error;
      failures.push(`${tool.name} ${tool.version}: ${error.message}`);
    }
  }
  if (failures.length > 0) throw missingTools(failures, means);
  return paths;
}

/** Obtains one tool under its lock, unless another run has done so while this one waited. */
async function installTool(tool: Tool, means: Means, settings: Settings): Promise<string> {
  const folder = toolFolder(tool, settings);
  const start = performance.now();
  const event = { tool: tool.name, version: tool.version };

  await makeFolder(folder);
  return withLock(
    folder,
    settings.signal,
    (seconds) => {
      settings.report({ ...event, state: "waiting", seconds });
    },
    async (signal) => {
      const cached = await cachedTool(tool, settings);
      if (cached !== undefined) return cached;

      // The lock is ours, so whatever lies here belongs to a run that was killed.
      await removePartials(folder);
      const partial = await mkdtemp(join(folder, PARTIAL));
      try {
        const executable = await make(tool, means, partial, settings, signal);
        const path = await publish(executable, toolPath(tool, settings));
        const seconds = Math.round((performance.now() - start) / 1000);
        settings.report({ ...event, state: "ready", path, seconds });
        return path;
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    },
  );
}

/** Makes a folder and those above it. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    // On a read-only disk Node says that a folder is missing; the plain call for the same folder tells the truth.
    if (error instanceof Error && "path" in error && typeof error.path === "string") await mkdir(error.path);
    throw error;
  }
}

async function removePartials(folder: string): Promise<void> {
  const leftovers = (await readdir(folder)).filter((name) => name.startsWith(PARTIAL));
  await Promise.all(leftovers.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Downloads the tool or, if that is not possible, builds it. @returns the path of a verified executable. */
async function make(
  tool: Tool,
  means: Means,
  partial: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<string> {
  const event = { tool: tool.name, version: tool.version };
  const download = means.downloadOf(tool);
  if (download !== undefined) {
    try {
      const executable = await downloadExecutable(download, partial, {
        patience: settings.patience,
        signal,
        progress: (bytes, total) => {
          settings.report({ ...event, state: "downloading", bytes, total });
        },
      });
      await verify(executable, tool, settings);
      return executable;
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      if (error.siteIsSilent) means.giveUp(download);
      if (!("path" in means.go)) throw error;
      settings.report({ ...event, state: "not-downloaded", reason: error.message });
    }
  }
  if (!("path" in means.go)) throw new DownloadError("its site stopped answering");
  const executable = await buildExecutable(tool, means.go.path, partial, settings, signal);
  await verify(executable, tool, settings);
  return executable;
}

/** Starts the executable and looks whether it is what was wanted. */
async function verify(executable: string, tool: Tool, settings: Settings): Promise<void> {
  await chmod(executable, 0o755);
  const version = await versionOf(executable, tool, settings);
  if (version === tool.version) return;
  throw new UserError(
    `${tool.name} ${tool.version} was obtained but ` +
      (version === undefined ? "does not run" : `says that it is version ${version}`) +
      `: if the cache folder ${settings.cacheFolder} is on a disk that forbids programs (noexec), set UAP_CACHE to ` +
      "another folder.",
  );
}

/** Gives a finished executable its name, so that it is there whole or not at all, also after a power failure. */
async function publish(executable: string, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await syncToDisk(executable);
  await rename(executable, path);
  await syncToDisk(dirname(path));
  return path;
}

async function syncToDisk(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
