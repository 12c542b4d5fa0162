import { gzipSync } from "node:zlib";

import { stringify } from "yaml";

import type { ClusterIdentity, NodeBootstrap } from "./node-bootstrap.ts";
import { nodeFiles } from "./node-files.ts";
import { nodePackages } from "./node-packages.ts";
import type { NodeFile } from "./system-files.ts";

/** The least that a cloud takes as user-data, in bytes: AWS and Linode, which both count the text before it is encoded. */
export const userDataLimit = 16_384;

/**
 * The `#cloud-config` of a node; secret. cloud-init puts the files in place, updates the system, reboots when the updates want it, and
 * hands over to the bootstrap script.
 *
 * @param sshKeys public keys of operators, who log in with these alone: no password is good for it
 * @throws RangeError when it is longer than {@link userDataLimit}.
 */
export function cloudInit(
  bootstrap: NodeBootstrap,
  identity: ClusterIdentity,
  sshKeys: readonly string[] = [],
): string {
  const document = {
    hostname: bootstrap.node.name,
    ssh_pwauth: false,
    ...(sshKeys.length > 0 && { ssh_authorized_keys: sshKeys }),
    package_update: true,
    package_upgrade: true,
    package_reboot_if_required: true,
    packages: [...nodePackages(bootstrap.cluster), "unattended-upgrades"],
    write_files: nodeFiles(bootstrap, identity).map(writtenFile),
    // Not waited for: the boot ends, and the phase log tells how the bootstrap goes.
    runcmd: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "--no-block", "uap-bootstrap.service"],
    ],
  };
  const text = `#cloud-config\n${stringify(document, { lineWidth: 0 })}`;
  const length = Buffer.byteLength(text);
  if (length > userDataLimit) {
    throw new RangeError(
      `The user-data of ${bootstrap.node.name} has ${length} bytes; clouds take ${userDataLimit}. ` +
        "Give its pool fewer or shorter labels and taints, or uap:access.sshKeys fewer or shorter keys.",
    );
  }
  return text;
}

/** Files that are longer are packed, which makes room for operators' keys; the others stay legible. */
const longestLegible = 1000;

function writtenFile({ path, permissions, contents }: NodeFile) {
  return contents.length > longestLegible
    ? { path, permissions, encoding: "gz+b64", content: gzipSync(contents, { level: 9 }).toString("base64") }
    : { path, permissions, content: contents };
}
