import { cachedTool } from "./cache.ts";
import { toolOnPath } from "./search-path.ts";
import type { Settings } from "./settings.ts";
import type { Tool } from "./tools.ts";

/**
 * Finds or obtains every tool.
 *
 * @returns absolute paths of executables, by tool name.
 * @throws UserError as `obtainTools` does.
 */
export async function obtain(tools: readonly Tool[], settings: Settings): Promise<Record<string, string>> {
  const paths = new Map<string, string>();
  await Promise.all(
    tools.map(async (tool) => {
      const path = (await cachedTool(tool, settings)) ?? (await toolOnPath(tool, settings));
      if (path !== undefined) paths.set(tool.name, path);
    }),
  );

  const missing = tools.filter((tool) => !paths.has(tool.name));
  if (missing.length > 0) {
    // Loaded only now: the libraries behind it would cost more time than everything that a cached toolchain needs.
    const { installTools } = await import("./install.ts");
    for (const [name, path] of await installTools(missing, settings)) paths.set(name, path);
  }
  return Object.fromEntries(paths);
}
