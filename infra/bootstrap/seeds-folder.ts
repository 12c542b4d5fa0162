/** The folder where the program puts the files of machines of one's own, while it waits for them. */
import { lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, resolve } from "node:path";
import { z } from "zod";

const project = resolve(import.meta.dirname, "..", "..");

/** Where a stack's files go: the folder that `UAP_SEEDS` names, or one of the project that git ignores. */
export function seedsFolder(stack: string): string {
  const { UAP_SEEDS } = process.env;
  return UAP_SEEDS === undefined || UAP_SEEDS === "" ? join(project, ".nodes", stack) : resolve(UAP_SEEDS);
}

/** A folder as a person types it: below the project's folder, by the path from there. */
export function shownFolder(folder: string): string {
  const path = relative(project, folder);
  return path.startsWith("..") || isAbsolute(path) ? folder : path;
}

/** Files of a machine by name, with their text. */
export type SeedFiles = Readonly<Record<string, string>>;

/** What this program wrote to the folder: it removes nothing else. */
const listFile = ".written.json";

const folderName = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const listSchema = z.record(folderName, z.array(fileName));
type FileList = z.output<typeof listSchema>;

/**
 * Makes a folder hold these files, in a folder for each node: readable by their owner only, each either old or new and never half, and
 * those that are right already untouched. Files that it wrote for nodes that have left go; whatever else lies there stays.
 *
 * @throws when the folder cannot be written, with what to do about it.
 */
export async function writeSeedFiles(
  folder: string,
  nodes: Readonly<Record<string, SeedFiles>>,
): Promise<void> {
  try {
    await replaceFiles(folder, nodes);
  } catch (error) {
    throw new Error(
      `The files for your own machines cannot be written to ${shownFolder(folder)}: ` +
        `${error instanceof Error ? error.message : String(error)}. ` +
        "Make the folder yours, or name another one in the environment variable UAP_SEEDS.",
      { cause: error },
    );
  }
}

/**
 * Removes the files of a node that leaves the cluster: they hold secrets, and lead to nowhere any more. Several may leave at once, each by
 * a process of its own: whoever is the last removes the folder.
 */
export async function removeSeedFiles(folder: string, node: string): Promise<void> {
  const written = await writtenFiles(folder);
  await removeFiles(join(folder, node), written[node] ?? []);
  const left = await Promise.all(Object.keys(written).map((name) => isFolder(join(folder, name))));
  if (!left.includes(true)) await removeFiles(folder, [listFile]);
}

async function replaceFiles(folder: string, nodes: Readonly<Record<string, SeedFiles>>): Promise<void> {
  const before = await writtenFiles(folder);
  const after = listOf(nodes);
  if (Object.keys({ ...before, ...after }).length === 0) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Noted before they are written: what an interrupted run leaves behind is known to the next one.
  await writePrivately(join(folder, listFile), JSON.stringify(union(before, after)));
  for (const [node, files] of Object.entries(nodes)) await writeNode(join(folder, node), files);
  for (const [node, names] of Object.entries(before)) {
    await removeFiles(
      join(folder, node),
      names.filter((name) => !after[node]?.includes(name)),
    );
  }
  if (Object.keys(after).length === 0) await removeFiles(folder, [listFile]);
  else await writePrivately(join(folder, listFile), JSON.stringify(after));
}

async function writtenFiles(folder: string): Promise<FileList> {
  const text = await textOf(join(folder, listFile));
  if (text === undefined) return {};
  try {
    return listSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${listFile} in it is damaged; remove that file, and the folders of nodes that are no more`,
    );
  }
}

function listOf(nodes: Readonly<Record<string, SeedFiles>>): FileList {
  return listSchema.parse(
    Object.fromEntries(Object.entries(nodes).map(([node, files]) => [node, Object.keys(files)])),
  );
}

function union(before: FileList, after: FileList): FileList {
  const nodes = Object.keys({ ...before, ...after });
  return Object.fromEntries(
    nodes.map((node) => [node, [...new Set([...(before[node] ?? []), ...(after[node] ?? [])])]]),
  );
}

async function writeNode(folder: string, files: SeedFiles): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) await writePrivately(join(folder, name), text);
}

/** Aside and renamed: a person who copies the file gets all of it. */
async function writePrivately(file: string, text: string): Promise<void> {
  if ((await textOf(file)) === text && (await isPrivate(file))) return;
  const aside = `${file}.new`;
  await rm(aside, { force: true });
  await writeFile(aside, text, { mode: 0o600, flag: "wx" });
  await rename(aside, file);
}

async function isPrivate(file: string): Promise<boolean> {
  return ((await lstat(file)).mode & 0o077) === 0;
}

/** The folder goes too, unless somebody put something of their own there. */
async function removeFiles(folder: string, names: readonly string[]): Promise<void> {
  if (!(await isFolder(folder))) return;
  for (const name of names) await rm(join(folder, name), { force: true });
  await rmdir(folder).catch((error: unknown) => {
    // Somebody's own files are in it, or another process has just removed it.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(String(codeOf(error)))) throw error;
  });
}

/** Not a link to one elsewhere. */
async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then((found) => found.isDirectory(), isAbsent(false));
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(isAbsent(undefined));
}

/** The answer for what is not there; any other error stays one. */
function isAbsent<Answer>(answer: Answer): (error: unknown) => Answer {
  return (error) => {
    if (codeOf(error) === "ENOENT") return answer;
    throw error;
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
