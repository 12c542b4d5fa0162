import * as pulumi from "@pulumi/pulumi";
import type { Check } from "../../../config/checks/check.ts";
import { catalogue, rowOf } from "../../catalogue.ts";
import type { Foundation } from "../../cluster/index.ts";
import { enabledSystems } from "../../demands.ts";
import type { Peer } from "../../kit/network-access.ts";
import { hostOf, type PlatformConfiguration } from "../../layer.ts";
import type { CopyAccess } from "./copy.ts";
import { consumersAmong } from "./users.ts";
import { ObjectStore } from "./object-store.ts";
import type { StorageRoles } from "../roles.ts";

/** The namespace in which users' programs run, and expect the object store. */
const programs = "data";

/** Deploys the object store, if it is on, between what the configuration says and who keeps objects. */
export function deployObjectStore(
  configuration: PlatformConfiguration,
  foundation: Foundation,
  roles: StorageRoles,
): ObjectStore | undefined {
  const options = configuration.platform.systems["object-store"];
  if (!options) return undefined;
  const { images, namespace, service } = catalogue["object-store"];
  const systems = enabledSystems(configuration);
  const consumers = consumersAmong(systems);
  const hasPrograms = systems.some((name) => namespaceOf(name) === programs);
  const namespaces = new Set([
    ...(hasPrograms ? [programs] : []),
    ...consumers.flatMap((name) => namespaceOf(name) ?? []),
  ]);
  return new ObjectStore({
    place: foundation.place(namespace),
    options,
    consumers,
    clients: [...namespaces].map((name): Peer => ({ kind: "namespace", namespace: name })),
    storageClass: roles.classFor("block"),
    aliasNamespaces: hasPrograms ? [foundation.place(programs).namespace] : [],
    host: hostOf(configuration, service, programs),
    ingress: foundation.ingress,
    ingressController: foundation.ingressController,
    copyTarget: copyTargetOf(configuration),
    curlImage: images.curl,
    monitoring: foundation.monitoring,
  });
}

/** The namespace of a system that is on. */
function namespaceOf(name: keyof typeof catalogue): string | undefined {
  const row = rowOf(name);
  return row.planned ? undefined : row.namespace;
}

/** That there is somewhere to copy objects to. */
export const copyTargetCheck: Check<PlatformConfiguration> = {
  reads: ["backup", "platform"],
  find(configuration) {
    const { copy } = configuration.platform.systems["object-store"] ?? { copy: "none" };
    if (copy === "none" || copyTargetOf(configuration)) return [];
    return [
      {
        path: ["platform", "systems", "object-store", "copy"],
        value: copy,
        reason: "copies objects to uap:backup.s3, which is not set.",
        fix: "Set it, or write `copy: none`.",
      },
    ];
  },
};

/** Objects go beside the snapshots of the cluster's state, into a folder of their own. */
function copyTargetOf({ backup, cluster }: PlatformConfiguration): CopyAccess | undefined {
  if (!backup.s3) return undefined;
  const { accessKey, bucket, endpoint, folder = cluster.name, region, secretKey } = backup.s3;
  return {
    endpoint,
    bucket,
    region,
    folder: `${folder}/objects`,
    keys: pulumi.secret({ accessKey: accessKey.reveal(), secretKey: secretKey.reveal() }),
  };
}
