import type { Finding } from "./problems.ts";
import type { CloudName } from "./regions.ts";
import type { Storage } from "./sections/storage.ts";
import { storageRoles, type StorageRole } from "./sections/storage.ts";
import { alternatives, closest } from "./suggestions.ts";

/** A class by role; a role that nothing can play has none, nor one that the default class of a cluster plays that was there before. */
export type StorageClasses = Readonly<Partial<Record<StorageRole, string>>>;

/** The clouds whose own volumes `cloud-volumes` makes, each with its class. */
export const cloudVolumeClasses = {
  hetzner: "hcloud-volumes",
  digitalocean: "do-block-storage",
  aws: "ebs",
} as const satisfies Partial<Record<CloudName, string>>;

/** A cloud whose own volumes there are. */
export type VolumeCloud = keyof typeof cloudVolumeClasses;

/** Whether a cloud's own volumes can be had. */
export function hasVolumes(cloud: CloudName | undefined): cloud is VolumeCloud {
  return cloud !== undefined && Object.hasOwn(cloudVolumeClasses, cloud);
}

/**
 * The classes that each system makes, by the role they can play; where several play one, the first is the default.
 *
 * @param cloud the one where all nodes are, if it is one: its own volumes are taken where no system keeps copies of them
 */
function classesOfSystems(cloud: CloudName | undefined): Readonly<Record<string, StorageClasses>> {
  return {
    "rook-ceph": { block: "rook-ceph-block", shared: "rook-ceph-clusterfs" },
    // Longhorn's one class serves claims of both kinds: those for many nodes get an NFS server of their own.
    longhorn: { block: "longhorn", shared: "longhorn" },
    "cloud-volumes": hasVolumes(cloud) ? { block: cloudVolumeClasses[cloud] } : {},
    nfs: { shared: "nfs" },
    "local-path": { block: "local-path", local: "local-path" },
  };
}

/** The classes of a stack, and what is wrong with those that it names. */
export interface ClassSelection {
  readonly classes: StorageClasses;
  readonly findings: readonly Finding[];
}

/**
 * Maps each role to a class: to the one that the stack names, else to one of a system that is on.
 *
 * @param systems names of the systems that are on
 * @param place the cloud where all nodes are; undefined when they are in several, or nobody knows. A cluster that was there before has a
 * default class of its own, which serves for volumes that need no copies: it is `local-path` only where k3s made it
 */
export function selectClasses(
  storage: Storage,
  systems: readonly string[],
  place: { readonly cloud?: CloudName | undefined; readonly hasDefault?: boolean } = {},
): ClassSelection {
  const { cloud, hasDefault = false } = place;
  const provided = Object.entries(classesOfSystems(cloud)).flatMap(([name, classes]) =>
    systems.includes(name) ? [classes] : [],
  );
  const known = [...new Set([...provided.flatMap((classes) => Object.values(classes)), ...storage.others])];
  const offered = provided.filter((classes) => !hasDefault || classes.local === undefined);
  const roles = storageRoles.flatMap((role) => {
    const name = storage[role] ?? offered.find((classes) => classes[role] !== undefined)?.[role];
    return name === undefined ? [] : [[role, name] as const];
  });
  return {
    classes: Object.fromEntries(roles),
    findings: storageRoles.flatMap((role) => {
      const name = storage[role];
      if (name === undefined || known.includes(name)) return [];
      const owner = ownerOf(name);
      return [
        owner !== undefined && !systems.includes(owner)
          ? systemIsOff(role, name, owner)
          : nobodyProvides(role, name, known),
      ];
    }),
  };
}

/** The system that makes a class, at whatever cloud. */
function ownerOf(name: string): string | undefined {
  if (Object.values<string>(cloudVolumeClasses).includes(name)) return "cloud-volumes";
  const systems = Object.entries(classesOfSystems(undefined));
  return systems.find(([, classes]) => Object.values(classes).includes(name))?.[0];
}

function systemIsOff(role: StorageRole, name: string, owner: string): Finding {
  return {
    path: ["storage", role],
    value: name,
    reason: `is a class of the system ${owner}, which is off.`,
    fix: `Add \`${owner}: true\` under uap:platform.systems, or name another class.`,
  };
}

function nobodyProvides(role: StorageRole, name: string, known: readonly string[]): Finding {
  const path = ["storage", role];
  const reason = "is a storage class that no system of this stack provides.";
  const near = closest(name, known);
  const fix =
    near === undefined
      ? `${known.length > 0 ? `Choose ${alternatives(known)}, or list` : "List"} it under \`others\` if the cluster has it already.`
      : `Did you mean "${near}"?`;
  return { path, value: name, reason, fix };
}
