import { z } from "zod";

/**
 * How a vendor publishes SHA-256 checksums:
 * - `list`: lines of checksum and file name, as sha256sum writes them;
 * - `bare`: one checksum and nothing else;
 * - `github-release`: GitHub's description of a release, with a digest for each file.
 */
export type ChecksumFormat = "list" | "bare" | "github-release";

/**
 * The SHA-256 of `file` in a published text, in lower-case hexadecimal digits.
 *
 * @param file name of the file without its folder.
 * @returns `undefined` when the text names no checksum of that file.
 */
export function checksumOf(file: string, text: string, format: ChecksumFormat): string | undefined {
  switch (format) {
    case "list":
      return checksumInList(file, text);
    case "bare":
      return sha256Or(text.trim());
    case "github-release":
      return checksumInRelease(file, text);
  }
}

function checksumInList(file: string, text: string): string | undefined {
  for (const line of text.split("\n")) {
    // sha256sum marks files that it read in binary mode with an asterisk before the name.
    const [checksum, name] = line.trim().split(/\s+\*?/, 2);
    if (name === file) return sha256Or(checksum);
  }
  return undefined;
}

const githubRelease = z.object({
  assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })),
});

function checksumInRelease(file: string, text: string): string | undefined {
  const release = githubRelease.safeParse(parseJson(text));
  const digest = release.data?.assets.find((asset) => asset.name === file)?.digest;
  return sha256Or(digest?.replace(/^sha256:/, ""));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256Or(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : undefined;
}
