import { glob } from "node:fs/promises";
import { join, relative, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "..");

/** The tests of the rehearsal's parts, each with servers of its own, and some of whole stacks: about half of the work. */
const partFolders = [
  ...["providers", "kubernetes", "toolchain", "machines"],
  ...["cloud-faults", "guarantees", "scaling", "secrets"],
].map((part) => join("rehearsal", part));

/** All test files whose path contains one of the words; all of them when there are no words. */
export async function testFiles(words: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob("**/*.test.ts", { cwd: folder })) files.push(resolve(folder, file));
  return files
    .filter((file) => words.length === 0 || words.some((word) => relative(folder, file).includes(word)))
    .sort((a, b) => weight(a) - weight(b) || a.localeCompare(b));
}

/** Cheap and telling tests first: style and units before rehearsals. */
function weight(file: string): number {
  return relative(folder, file).startsWith("rehearsal") ? 1 : 0;
}

/** Splits the files in two, so that two cores are at work. */
export function lanes(files: readonly string[]): string[][] {
  const isPart = (file: string) => partFolders.some((part) => relative(folder, file).startsWith(part));
  const groups = [files.filter((file) => !isPart(file)), files.filter(isPart)];
  return groups.filter((group) => group.length > 0);
}
