/** Gives the engine a plugin for every provider: the official one where it is installed, else our stand-in. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { installLink, installScript, isOurScript, nodeScript } from "./executable.ts";
import { findExecutable, isExecutable } from "../toolchain/search-path.ts";
import { sdkVersion } from "./protocol/sdk.ts";

/** A provider that the engine will find. */
export interface InstalledProvider {
  /** Package name, such as `random`. */
  readonly name: string;
  readonly version: string;
  readonly kind: "official" | "stand-in";
}

/** Where to install, and where to look. */
export interface InstallOptions {
  /** The engine's home, which gets the plugins. */
  readonly pulumiHome: string;
  /** Homes of other engines that may have official plugins. @default `$PULUMI_HOME` and `~/.pulumi` */
  readonly officialHomes?: readonly string[];
}

/**
 * Makes a plugin of the SDK's version available for each folder beside this file that has a `main.ts`. What is in place
 * already is left alone, and several calls at once do not disturb each other.
 *
 * @returns which of them are official and which are stand-ins, by name.
 */
export async function installProviders(options: InstallOptions): Promise<readonly InstalledProvider[]> {
  const names = await standIns();
  return Promise.all(names.map((name) => installProvider(name, options)));
}

/** Names of the providers that have a stand-in. */
async function standIns(): Promise<readonly string[]> {
  const folders = await readdir(import.meta.dirname);
  return folders.filter((name) => existsSync(program(name))).sort();
}

function program(name: string): string {
  return join(import.meta.dirname, name, "main.ts");
}

async function installProvider(name: string, options: InstallOptions): Promise<InstalledProvider> {
  const { pulumiHome, officialHomes = defaultHomes() } = options;
  const version = sdkVersion(name);
  const path = pluginPath(pulumiHome, name, version);
  if (await isPresent(path)) return { name, version, kind: "official" };
  const official = await firstOfficial(officialHomes.map((home) => pluginPath(home, name, version)));
  if (official === undefined) await installScript(path, nodeScript(program(name)));
  else await installLink(path, official);
  return { name, version, kind: official === undefined ? "stand-in" : "official" };
}

/** Whether the engine has an official plugin already: on its search path, which it prefers, or in its home, linked or not. */
async function isPresent(path: string): Promise<boolean> {
  const onSearchPath = await findExecutable(basename(path), process.env.PATH ?? "");
  return onSearchPath !== undefined || isOfficial(path);
}

function defaultHomes(): readonly string[] {
  const given = process.env.PULUMI_HOME;
  return [...(given === undefined || given === "" ? [] : [given]), join(homedir(), ".pulumi")];
}

function pluginPath(home: string, name: string, version: string): string {
  return join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}

async function firstOfficial(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isOfficial(path)) return path;
  return undefined;
}

/** Whether there is an executable, wholly installed and not a script of ours. */
async function isOfficial(path: string): Promise<boolean> {
  // The engine puts this file beside the folder of a plugin that it is still downloading.
  if (existsSync(`${dirname(path)}.partial`)) return false;
  return (await isExecutable(path)) && !(await isOurScript(path));
}
