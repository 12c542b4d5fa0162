import { join } from "node:path";

import { cacheFolder } from "./cache.ts";
import { hostPlatform, type Platform } from "./platform.ts";
import type { ToolEvent } from "./progress.ts";
import { OFFICIAL_SITES, type Sites } from "./tools.ts";

/** What a caller may choose. */
export interface ToolOptions {
  /** Where tools are kept. @default `UAP_CACHE`, else `uap` in `XDG_CACHE_HOME`, else `~/.cache/uap` */
  readonly cacheFolder?: string;
  /** Told of every step, often enough for a progress display. */
  readonly report?: (event: ToolEvent) => void;
  /** Stops downloads and builds, and removes what they had begun. */
  readonly signal?: AbortSignal;
}

/** Everything around the tools that obtaining them depends on. Tests replace parts of it. */
export interface Settings {
  readonly cacheFolder: string;
  readonly report: (event: ToolEvent) => void;
  readonly signal: AbortSignal;
  readonly platform: Platform;
  readonly sites: Sites;
  /** The folder of the pinned Go modules. */
  readonly modulesFolder: string;
  /** Folders in which executables are looked for, as in the variable PATH. */
  readonly searchPath: string;
  readonly patience: Patience;
}

/** Time limits, in milliseconds. */
export interface Patience {
  /** For a site to answer at all, before it counts as out of reach. */
  readonly connect: number;
  /** For the next bytes of a download. */
  readonly silence: number;
  /** For an executable to print its version. */
  readonly version: number;
  /** For `go version`, which may first download a newer Go if the machine's Go is set up so. */
  readonly goVersion: number;
}

/** The settings of this machine. */
export function machineSettings(options: ToolOptions): Settings {
  return {
    cacheFolder: options.cacheFolder ?? cacheFolder(),
    report: options.report ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
    platform: hostPlatform(),
    sites: OFFICIAL_SITES,
    modulesFolder: join(import.meta.dirname, "modules"),
    searchPath: process.env.PATH ?? "",
    patience: { connect: 5_000, silence: 20_000, version: 10_000, goVersion: 120_000 },
  };
}
