import * as pulumi from "@pulumi/pulumi";
import type { Check } from "../../config/checks/check.ts";
import type { StorageClasses, StorageRole } from "../../config/index.ts";
import { rowOf } from "../catalogue.ts";
import { enabledSystems } from "../demands.ts";
import type { PlatformConfiguration } from "../layer.ts";

/** A storage class that a system of this stack makes: its name, known once the class is there. */
export type MadeClasses = Readonly<Record<string, pulumi.Output<string>>>;

/** Who in this layer gives systems the classes of their volumes. */
export class StorageRoles {
  readonly #classes: StorageClasses;
  readonly #made: MadeClasses;
  readonly #hasDefault: boolean;

  /**
   * @param classes the class of each role, by the configuration
   * @param made the classes that systems of this stack make; others, such as k3s' local-path, are there from the beginning
   * @param hasDefault whether the cluster has a default class that its owner chose
   */
  constructor(classes: StorageClasses, made: MadeClasses, hasDefault: boolean) {
    this.#classes = classes;
    this.#made = made;
    this.#hasDefault = hasDefault;
  }

  /**
   * The class that plays a role: whoever claims a volume of it waits until there is someone to make it. Undefined where the default class of
   * a cluster plays it that was there before.
   *
   * @throws pulumi.RunError when nothing of this stack can play the role
   */
  classFor(role: StorageRole): pulumi.Output<string> | undefined {
    const name = this.#classes[role];
    if (name !== undefined) return this.#made[name] ?? pulumi.output(name);
    if (isPlayed(role, this.#classes, this.#hasDefault)) return undefined;
    throw new pulumi.RunError(`No class of this stack plays the role \`${role}\`. ${remedies[role]}`);
  }
}

/** Whether a class plays a role: a named one, or the default class of a cluster that was there before. */
function isPlayed(role: StorageRole, classes: StorageClasses, hasDefault: boolean): boolean {
  return classes[role] !== undefined || (hasDefault && role !== "shared");
}

/** That there is a default class where a system claims volumes before the storage layer is there: k3s' local-path is the only one. */
export const defaultClassCheck: Check<PlatformConfiguration> = {
  reads: ["cluster", "platform", "pools"],
  find(configuration) {
    const { cluster, platform } = configuration;
    if (cluster.kind === "existing" || platform.systems["local-path"]) return [];
    return enabledSystems(configuration).flatMap((name) => {
      const row = rowOf(name);
      if (row.planned || row.claimsDefault !== true) return [];
      const reason = "needs volumes of the cluster's default class, which is local-path, and that is off.";
      const fix = "Add `local-path: true` under uap:platform.systems, or switch this system off.";
      return [{ path: ["platform", "systems", name], reason, fix }];
    });
  },
};

/** That the volumes of every system have a class. */
export const storageRoleCheck: Check<PlatformConfiguration> = {
  reads: ["cluster", "platform", "pools", "storage"],
  find(configuration) {
    const { cluster, storage } = configuration;
    return enabledSystems(configuration).flatMap((name) => {
      const row = rowOf(name);
      const role = row.planned ? undefined : row.volumes;
      if (role === undefined || isPlayed(role, storage, cluster.kind === "existing")) return [];
      const reason = `needs volumes of the role \`${role}\`, for which this stack has no storage class.`;
      return [{ path: ["platform", "systems", name], reason, fix: remedies[role] }];
    });
  },
};

const remedies: Readonly<Record<StorageRole, string>> = {
  block:
    "Switch on local-path, longhorn or rook-ceph, or name a class of the cluster as `uap:storage.block`.",
  shared: "Switch on nfs, longhorn or rook-ceph, or name a class of the cluster as `uap:storage.shared`.",
  local: "Switch on local-path, or name a class of the cluster as `uap:storage.local`.",
};
