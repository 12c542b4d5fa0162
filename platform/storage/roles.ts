import * as pulumi from "@pulumi/pulumi";
import type { StorageClasses, StorageRole } from "../../config/index.ts";

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
    if (name === undefined) {
      if (this.#hasDefault && role !== "shared") return undefined;
      throw new pulumi.RunError(
        `A system needs volumes of the role \`${role}\`, and no system of this stack provides a class for it. ${remedies[role]}`,
      );
    }
    return this.#made[name] ?? pulumi.output(name);
  }
}

const remedies: Readonly<Record<StorageRole, string>> = {
  block:
    "Switch on local-path, longhorn or rook-ceph, or name a class of the cluster as `uap:storage.block`.",
  shared: "Switch on nfs, longhorn or rook-ceph, or name a class of the cluster as `uap:storage.shared`.",
  local: "Switch on local-path, or name a class of the cluster as `uap:storage.local`.",
};
