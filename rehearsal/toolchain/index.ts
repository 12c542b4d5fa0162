import { obtain } from "./obtain.ts";
import { machineSettings, type ToolOptions } from "./settings.ts";
import { TOOLS, type ToolName } from "./tools.ts";

export { cacheFolder } from "./cache.ts";
export { progressLine, type ToolEvent } from "./progress.ts";
export type { ToolOptions } from "./settings.ts";
export type { ToolName } from "./tools.ts";

/** Absolute paths of executables, by tool. */
export type Tools<Name extends ToolName = ToolName> = Readonly<Record<Name, string>>;

/**
 * Makes sure that the tools are there and says where.
 *
 * For each: the pinned version in the cache; else the one on PATH, if its version fits; else the official download, its
 * checksum verified; else a build from its pinned Go module. The last two land in the cache. The cache comes before PATH
 * because a cached tool is known by its file name, while one on PATH has to be started to learn its version; so a second
 * call starts no process.
 *
 * Several runs at once are safe: the first one obtains a tool, the others wait for it. A run that is killed leaves
 * neither a half tool nor a running build; what it had begun is removed by the next.
 *
 * @throws UserError when tools are missing and can be neither downloaded nor built, or the cache folder is unusable.
 */
export async function obtainTools<Name extends ToolName>(
  names: readonly Name[],
  options: ToolOptions = {},
): Promise<Tools<Name>> {
  const paths = await obtain(
    names.map((name) => TOOLS[name]),
    machineSettings(options),
  );
  return paths as Tools<Name>;
}
