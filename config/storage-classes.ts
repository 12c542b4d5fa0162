import type { Finding } from "./problems.ts";
import type { Storage } from "./sections/storage.ts";
import { storageRoles, type StorageRole } from "./sections/storage.ts";
import { alternatives, closest } from "./suggestions.ts";

/** A class by role; a role that nothing can play has none. */
export type StorageClasses = Readonly<Partial<Record<StorageRole, string>>>;

/** The classes that each system makes, by the role they can play; where several play one, the first is the default. */
const classesOfSystems: Readonly<Record<string, StorageClasses>> = {
  "rook-ceph": { block: "rook-ceph-block", shared: "rook-ceph-clusterfs" },
  // Longhorn's one class serves claims of both kinds: those for many nodes get an NFS server of their own.
  longhorn: { block: "longhorn", shared: "longhorn" },
  "cloud-volumes": { block: "hcloud-volumes" },
  nfs: { shared: "nfs" },
  "local-path": { block: "local-path", local: "local-path" },
};

/** The classes of a stack, and what is wrong with those that it names. */
export interface ClassSelection {
  readonly classes: StorageClasses;
  readonly findings: readonly Finding[];
}

/**
 * Maps each role to a class: to the one that the stack names, else to one of a system that is on.
 *
 * @param systems names of the systems that are on
 */
export function selectClasses(storage: Storage, systems: readonly string[]): ClassSelection {
  const provided = Object.entries(classesOfSystems).flatMap(([name, classes]) =>
    systems.includes(name) ? [classes] : [],
  );
  const known = [...new Set([...provided.flatMap((classes) => Object.values(classes)), ...storage.others])];
  const roles = storageRoles.flatMap((role) => {
    const name = storage[role] ?? provided.find((classes) => classes[role] !== undefined)?.[role];
    return name === undefined ? [] : [[role, name] as const];
  });
  return {
    classes: Object.fromEntries(roles),
    findings: storageRoles.flatMap((role) => {
      const name = storage[role];
      return name === undefined || known.includes(name) ? [] : [nobodyProvides(role, name, known)];
    }),
  };
}

function nobodyProvides(role: StorageRole, name: string, known: readonly string[]): Finding {
  const path = ["storage", role];
  const owner = Object.entries(classesOfSystems).find(([, classes]) => Object.values(classes).includes(name));
  if (owner) {
    return {
      path,
      value: name,
      reason: `is a class of the system ${owner[0]}, which is off.`,
      fix: `Add \`${owner[0]}: true\` under uap:platform.systems, or name another class.`,
    };
  }
  const reason = "is a storage class that no system of this stack provides.";
  const near = closest(name, known);
  const fix =
    near === undefined
      ? `${known.length > 0 ? `Choose ${alternatives(known)}, or list` : "List"} it under \`others\` if the cluster has it already.`
      : `Did you mean "${near}"?`;
  return { path, value: name, reason, fix };
}
