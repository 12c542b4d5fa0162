import { bootstrapScript } from "./bootstrap-script.ts";
import { mountedFolder } from "./data-volume.ts";
import { k3sConfiguration } from "./k3s-config.ts";
import type { ClusterIdentity, NodeBootstrap } from "./node-bootstrap.ts";
import { authorityFiles, nodePaths } from "./node-bootstrap.ts";
import type { NodeFile } from "./system-files.ts";
import { systemFiles } from "./system-files.ts";

/** Every file that makes a machine a node; secret. Only control planes get the authorities and the token that admits control planes. */
export function nodeFiles(bootstrap: NodeBootstrap, identity: ClusterIdentity): NodeFile[] {
  return [
    secretFile(nodePaths.configuration, k3sConfiguration(bootstrap, identity)),
    ...(bootstrap.node.role === "control-plane"
      ? authorityFiles.map((name) =>
          secretFile(`${nodePaths.authorities}/${name}`, identity.authorities[name]),
        )
      : []),
    ...systemFiles(bootstrap.node, mountedFolder(bootstrap)),
    { path: nodePaths.script, permissions: "0700", contents: bootstrapScript(bootstrap, identity) },
  ];
}

function secretFile(path: string, contents: string): NodeFile {
  return { path, permissions: "0600", contents };
}
