/** What systems call on the nodes themselves, by the system's name: packages of Ubuntu and Debian. */
const packagesOfSystems: Readonly<Record<string, readonly string[]>> = {
  // Longhorn attaches its volumes by the node's iSCSI initiator, and mounts those for many pods by NFS.
  longhorn: ["open-iscsi", "nfs-common"],
};

/**
 * The packages that every node needs for the systems that are on. Nodes read them when they first boot.
 *
 * @param systems the systems that are on, by name
 */
export function packagesOf(systems: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(packagesOfSystems).flatMap(([system, packages]) =>
    systems[system] === undefined ? [] : packages,
  );
}
