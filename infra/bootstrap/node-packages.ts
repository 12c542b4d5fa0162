import type { ClusterBootstrap } from "./node-bootstrap.ts";

/** What the bootstrap script and the units call, where an image lacks it. */
const bootstrapPackages = ["ca-certificates", "curl", "nftables"];

/** What systems call on the nodes themselves, by the system's name. */
const packagesOfSystems: Readonly<Record<string, readonly string[]>> = {
  // Longhorn attaches its volumes by the node's iSCSI initiator, and mounts those for many pods by NFS.
  longhorn: ["open-iscsi", "nfs-common"],
};

/**
 * The packages that every node needs for the systems that are on. Nodes read them when they first boot.
 *
 * @param systems the systems that are on, by name
 */
export function packagesOfSystemsIn(systems: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(packagesOfSystems).flatMap(([system, packages]) =>
    systems[system] === undefined ? [] : packages,
  );
}

/** All that a node needs installed, as Ubuntu and Debian name it: for the bootstrap itself and for the cluster's systems. */
export function nodePackages({ packages = [] }: Pick<ClusterBootstrap, "packages">): string[] {
  return [...bootstrapPackages, ...packages];
}
