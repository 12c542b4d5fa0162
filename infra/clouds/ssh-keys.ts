import { sshKeyName } from "./cloud-names.ts";

/** A public key as it is registered at a cloud. */
export interface SshKeyEntry {
  /** Follows from the key alone, see {@link sshKeyName}. */
  readonly name: string;
  /** Type and body, without the comment: an edited comment is the same key, and clouds would replace it. */
  readonly publicKey: string;
}

/** The keys of a list, each once, whatever its comment. */
export function distinctSshKeys(lines: readonly string[]): readonly SshKeyEntry[] {
  const keys = lines.map((line) => ({
    name: sshKeyName(line),
    publicKey: line.trim().split(/\s+/).slice(0, 2).join(" "),
  }));
  return [...new Map(keys.map((key) => [key.name, key])).values()];
}
