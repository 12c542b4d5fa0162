import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { issuesText, Unbootable } from "./unbootable.ts";

/** The section `write_files`, as cloud-init's documentation has it. */
const section = z.array(
  z.strictObject({
    path: z.string().startsWith("/"),
    content: z.string().default(""),
    owner: z.string().optional(),
    // Without quotes YAML takes it for a number, and 0600 becomes another one.
    permissions: z
      .string({ error: "must be quoted" })
      .regex(/^0?[0-7]{3,4}$/)
      .optional(),
    encoding: z
      .enum(["text/plain", "b64", "base64", "gz", "gzip", "gz+b64", "gz+base64", "gzip+base64"])
      .default("text/plain"),
    append: z.boolean().default(false),
    defer: z.boolean().default(false),
  }),
);

/**
 * The files that cloud-init writes, by path.
 *
 * @param value the section `write_files`.
 * @throws Unbootable when cloud-init would not accept it.
 */
export function writtenFiles(value: unknown): ReadonlyMap<string, string> {
  const parsed = section.safeParse(value ?? []);
  if (!parsed.success) throw new Unbootable(`write_files is not valid: ${issuesText(parsed.error)}.`);
  const files = new Map<string, string>();
  for (const { path, content, encoding, append } of parsed.data) {
    const before = append ? (files.get(path) ?? "") : "";
    files.set(path, before + decoded(path, content, encoding));
  }
  return files;
}

function decoded(path: string, content: string, encoding: string): string {
  const bytes = /b64|base64/.test(encoding) ? Buffer.from(content, "base64") : Buffer.from(content);
  if (!encoding.startsWith("gz")) return bytes.toString();
  try {
    return gunzipSync(bytes).toString();
  } catch {
    throw new Unbootable(`${path} in write_files is not what its encoding ${encoding} says.`);
  }
}
