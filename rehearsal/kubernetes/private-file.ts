import { readFile, rename, writeFile } from "node:fs/promises";

/** Writes a file that only its owner may read, aside and renamed: a reader sees all of it, or what was there before. */
export async function writePrivateFile(file: string, contents: string): Promise<void> {
  await writeFile(`${file}.new`, contents, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The contents of a file, or undefined when there is none. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
