import { stringify } from "yaml";

import { cloudInit } from "./cloud-init.ts";
import type { ClusterIdentity, NodeBootstrap } from "./node-bootstrap.ts";
import { nodeFiles } from "./node-files.ts";
import { nodePackages } from "./node-packages.ts";

/** The files of a volume labelled `cidata`, from which cloud-init's NoCloud source reads; secret. */
export interface NoCloudSeed {
  readonly "user-data": string;
  readonly "meta-data": string;
}

/** What a machine of one's own is given at its first boot. @param sshKeys public keys that may log in */
export function noCloudSeed(
  bootstrap: NodeBootstrap,
  identity: ClusterIdentity,
  sshKeys: readonly string[],
): NoCloudSeed {
  const { node, cluster } = bootstrap;
  return {
    "user-data": cloudInit(bootstrap, identity, sshKeys),
    // Another instance id would make cloud-init start over.
    "meta-data": stringify({ "instance-id": `${cluster.name}-${node.name}`, "local-hostname": node.name }),
  };
}

/**
 * A script that makes a running machine a node; secret, so it is handed over by standard input and never stored there:
 * `ssh <host> sudo sh < join.sh`.
 */
export function joinScript(bootstrap: NodeBootstrap, identity: ClusterIdentity): string {
  const writes = nodeFiles(bootstrap, identity).map(
    ({ path, permissions, contents }) =>
      `mkdir -p '${path.slice(0, path.lastIndexOf("/"))}'\n` +
      `base64 -d >'${path}' <<'END'\n${base64Lines(contents)}\nEND\nchmod ${permissions} '${path}'\n`,
  );
  return [
    "#!/bin/sh",
    `# Makes this machine the node ${bootstrap.node.name} of the cluster ${bootstrap.cluster.name}. It holds secrets.`,
    "set -eu",
    "umask 077",
    `[ "$(id -u)" = 0 ] || { echo 'Run this as root, for example by sudo.' >&2; exit 1; }`,
    installation(nodePackages(bootstrap.cluster)),
    ...writes.map((write) => write.trimEnd()),
    "systemctl daemon-reload",
    "systemctl enable uap-bootstrap.service",
    "systemctl start uap-bootstrap.service",
    "",
  ].join("\n");
}

/**
 * Installs what the node needs, or says what is needed where there is no apt. Nothing may read the standard input: the rest of this
 * script comes from there.
 */
function installation(packages: readonly string[]): string {
  const names = packages.join(" ");
  return `if command -v apt-get >/dev/null; then
  apt-get update -q </dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -qy ${names} </dev/null
elif ! command -v curl >/dev/null || ! command -v nft >/dev/null; then
  echo 'This machine has no apt-get. Install what Debian calls ${names}, then run this again.' >&2
  exit 1
fi`;
}

/** Wrapped, so that no terminal or mail program breaks the lines elsewhere. */
function base64Lines(text: string): string {
  return (
    Buffer.from(text)
      .toString("base64")
      .match(/.{1,76}/g) ?? []
  ).join("\n");
}
