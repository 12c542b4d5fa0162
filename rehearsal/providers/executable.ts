/** Executables that the engine finds by name, put in place for good or not at all. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheFolder } from "../toolchain/cache.ts";

/** Stands in the second line of our scripts, so that they are not taken for somebody else's. */
const mark = "# Made by the rehearsal of uap; it will be made again when it is missing.";

/** A shell script that becomes Node running a program; the arguments are passed on. */
export function nodeScript(program: string): string {
  return [
    "#!/bin/sh",
    mark,
    // Compiled code is kept: it halves the time to start.
    `export NODE_COMPILE_CACHE=${quoted(join(cacheFolder(), "node"))}`,
    `exec ${quoted(process.execPath)} ${quoted(program)} "$@"`,
    "",
  ].join("\n");
}

/** Whether the file is one of our scripts. */
export async function isOurScript(path: string): Promise<boolean> {
  const { size } = await stat(path);
  // Others' executables are megabytes: not read.
  return size < 4096 && (await readFile(path, "utf8")).includes(mark);
}

/** Writes a script, unless it is there already. */
export async function installScript(path: string, text: string): Promise<void> {
  const present = await readFile(path, "utf8").catch(() => undefined);
  if (present === text) return;
  await replace(path, (temporary) => writeFile(temporary, text, { mode: 0o755 }));
}

/** Makes a symbolic link. */
export async function installLink(path: string, target: string): Promise<void> {
  await replace(path, (temporary) => symlink(target, temporary));
}

/** Renames what was made over the path: another process sees the old file or the new one, never half of one. */
async function replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  try {
    await make(temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
