import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { basename, join, normalize } from "node:path";
import { pipeline } from "node:stream/promises";

import { extract } from "tar";

import { messageOf } from "../errors.ts";
import { isCacheError } from "./cache.ts";
import { checksumOf } from "./checksums.ts";
import { isExecutable } from "./search-path.ts";
import type { Patience } from "./settings.ts";
import type { Download } from "./tools.ts";

/** A download that came to nothing; the message says why, without naming the tool. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
  /** Whether the site stopped answering, so that further downloads from it are not worth trying. */
  readonly siteIsSilent: boolean;

  constructor(message: string, siteIsSilent = false) {
    super(message);
    this.siteIsSilent = siteIsSilent;
  }
}

/** What a download needs beside its addresses. */
export interface DownloadOptions {
  readonly patience: Pick<Patience, "connect" | "silence">;
  readonly signal: AbortSignal;
  /** Called some times a second. `total` is `undefined` when the site does not tell it. */
  readonly progress: (bytes: number, total: number | undefined) => void;
}

/** The sites, as origins, that a download needs. */
export function originsOf(download: Download): string[] {
  return [...new Set([new URL(download.url).origin, new URL(download.checksum.url).origin])];
}

/** Whether a site answers at all within the time for connecting; what it answers does not matter. */
export async function answers(
  origin: string,
  options: Pick<DownloadOptions, "patience" | "signal">,
): Promise<boolean> {
  const limit = AbortSignal.timeout(options.patience.connect);
  try {
    const signal = AbortSignal.any([options.signal, limit]);
    await fetch(origin, { method: "HEAD", redirect: "manual", signal });
    return true;
  } catch {
    options.signal.throwIfAborted();
    return false;
  }
}

/**
 * Downloads an executable into a folder and verifies it by the vendor's checksum.
 *
 * @returns the path of the executable; its permissions are not set yet.
 * @throws DownloadError when the site or the file is not what it should be; the signal's reason when aborted; errors of
 * the file system as they are.
 */
export async function downloadExecutable(
  download: Download,
  folder: string,
  options: DownloadOptions,
): Promise<string> {
  const file = basename(new URL(download.url).pathname);
  const checksums = await get(download.checksum.url, options, (response) => response.text());
  const expected = checksumOf(file, checksums, download.checksum.format);
  if (expected === undefined) {
    throw new DownloadError(`${download.checksum.url} names no checksum of ${file}`);
  }

  const path = join(folder, file);
  const actual = await get(download.url, options, (response, alive) => save(response, path, options, alive));
  if (actual !== expected) {
    throw new DownloadError(`the checksum of ${download.url} is ${actual} and should be ${expected}`);
  }
  return download.member === undefined ? path : unpack(path, download.member, folder);
}

/** Gets an address and hands its answer on, for as long as bytes keep coming. */
async function get<Result>(
  url: string,
  options: DownloadOptions,
  read: (response: Response, alive: () => void) => Promise<Result>,
): Promise<Result> {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort();
  }, options.patience.silence);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([options.signal, silence.signal]) });
    if (!response.ok)
      throw new DownloadError(`${url} answers ${response.status} ${response.statusText}`.trimEnd());
    return await read(response, () => {
      timer.refresh();
    });
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof DownloadError || isCacheError(error)) throw error;
    if (silence.signal.aborted) throw new DownloadError(`${url} stopped answering`, true);
    // fetch says no more than "fetch failed" or "terminated"; the reason is its cause.
    throw new DownloadError(`${url}: ${messageOf(error instanceof Error ? (error.cause ?? error) : error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Writes an answer's body to a file. @returns its SHA-256 in hexadecimal digits. */
async function save(
  response: Response,
  path: string,
  options: DownloadOptions,
  alive: () => void,
): Promise<string> {
  const hash = createHash("sha256");
  const length = response.headers.get("content-length");
  const total = length === null ? undefined : Number(length);
  let bytes = 0;
  let reported = -Infinity;

  async function* measured(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      alive();
      hash.update(chunk);
      bytes += chunk.length;
      if (performance.now() - reported > 250) {
        reported = performance.now();
        options.progress(bytes, total);
      }
      yield chunk;
    }
    options.progress(bytes, total);
  }
  if (response.body === null) throw new DownloadError(`${response.url} answers nothing`);
  await pipeline(response.body, measured, createWriteStream(path));
  return hash.digest("hex");
}

/** Unpacks one member of an archive into a folder. @returns its path. */
async function unpack(archive: string, member: string, folder: string): Promise<string> {
  const path = join(folder, member);
  // Strict, because otherwise a full disk is a mere warning.
  await extract({ file: archive, cwd: folder, strict: true, filter: (path) => normalize(path) === member });
  if (!(await isExecutable(path))) throw new DownloadError(`${basename(archive)} holds no program ${member}`);
  return path;
}
