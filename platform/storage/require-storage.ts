import type { PlatformConfiguration } from "../layer.ts";
import { requireCopyTarget } from "./object-store/wiring.ts";
import { StorageRoles } from "./roles.ts";
import { requireRoomForCeph } from "./rook-ceph/room.ts";

/**
 * That what is switched on has somewhere to keep its data: found out before anything is created.
 *
 * @throws pulumi.RunError when no class plays a role that is needed, objects are to be copied nowhere, or a disk is too small
 */
export function requireStorage(configuration: PlatformConfiguration): void {
  const { cluster, platform, storage } = configuration;
  requireRoomForCeph(configuration);
  if (!platform.systems["object-store"]) return;
  new StorageRoles(storage, {}, cluster.kind === "existing").classFor("block");
  requireCopyTarget(configuration);
}
