import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectMetadata } from "../../kit/system.ts";

/** Lets programs of other namespaces find a Service under names that they expect. */
export function createAliases(
  names: readonly string[],
  {
    metadata,
    namespaces,
  }: { readonly metadata: ObjectMetadata; readonly namespaces: readonly pulumi.Input<string>[] },
  options: { readonly parent: pulumi.Resource },
): void {
  const externalName = pulumi.interpolate`${metadata.name}.${metadata.namespace}.svc.cluster.local`;
  for (const [index, namespace] of namespaces.entries()) {
    for (const name of names) {
      new kubernetes.core.v1.Service(
        `${name}-alias-${index + 1}`,
        { metadata: { ...metadata, name, namespace }, spec: { type: "ExternalName", externalName } },
        options,
      );
    }
  }
}
