import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * The passphrase that encrypts the secrets in the rehearsal's states: the user's, when the environment has one, else one that
 * is generated once and readable by nobody else.
 */
export async function obtainPassphrase(file: string): Promise<string> {
  const given = process.env.PULUMI_CONFIG_PASSPHRASE;
  if (given !== undefined && given !== "") return given;
  await mkdir(dirname(file), { recursive: true });
  const generated = randomBytes(24).toString("base64url");
  try {
    await writeFile(file, generated, { flag: "wx", mode: 0o600 });
    return generated;
  } catch {
    // It exists: an earlier run, or one beside us, has made it.
    return await readFile(file, "utf8");
  }
}
