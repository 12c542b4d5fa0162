import { createHash } from "node:crypto";

/**
 * A token in k3s' full format: it also proves to the joining node that it speaks to the right cluster.
 *
 * The hash is that of the file `server-ca.crt`, byte by byte, as long as it holds a single certificate (k3s' `hashCA`).
 *
 * @param user `server` lets control planes join, `node` agents only
 */
export function joinToken(serverAuthority: string, user: "server" | "node", secret: string): string {
  return `K10${createHash("sha256").update(serverAuthority).digest("hex")}::${user}:${secret}`;
}

/** The parts of a token in full format. @throws RangeError when it is another text. */
export function parseJoinToken(token: string): {
  readonly hash: string;
  readonly user: string;
  readonly secret: string;
} {
  const [, hash, user, secret] = /^K10([0-9a-f]{64})::([^:]+):(.+)$/.exec(token) ?? [];
  if (hash === undefined || user === undefined || secret === undefined)
    throw new RangeError("The token does not have k3s' full format K10<hash>::<user>:<secret>.");
  return { hash, user, secret };
}
