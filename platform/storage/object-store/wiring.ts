import * as pulumi from "@pulumi/pulumi";
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
  const { namespace, service } = catalogue["object-store"];
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
    monitoring: foundation.monitoring,
  });
}

/** The namespace of a system that is on. */
function namespaceOf(name: keyof typeof catalogue): string | undefined {
  const row = rowOf(name);
  return row.planned ? undefined : row.namespace;
}

/** @throws pulumi.RunError when objects are to be copied, and nothing says where to */
export function requireCopyTarget(configuration: PlatformConfiguration): void {
  const { copy } = configuration.platform.systems["object-store"] ?? { copy: "none" };
  if (copy === "none" || copyTargetOf(configuration)) return;
  throw new pulumi.RunError(
    `The object store shall copy its objects (\`copy: ${copy}\`), and nothing says where to. Give uap:backup.s3, or write \`copy: none\` under uap:platform.systems.object-store.`,
  );
}

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
