import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Quantity } from "../../config/quantities.ts";

export interface GrowingClaimsArgs {
  readonly namespace: pulumi.Input<string>;
  /** Name of the StatefulSet, and of its template of claims: Kubernetes names the claims after both. */
  readonly statefulSet: string;
  readonly template: string;
  readonly replicas: number;
  readonly size: Quantity;
}

/**
 * Has the volumes of a StatefulSet follow the configured size: Kubernetes makes its claims once, and never looks at their size again. The API
 * server refuses a smaller size, and any change where the class cannot expand its volumes, already at the preview.
 *
 * Nothing is ever deleted here: a claim that is no longer wanted keeps its data.
 *
 * @param options `dependsOn` names what has made the claims
 */
export function growingClaims(
  name: string,
  { namespace, replicas, size, statefulSet, template }: GrowingClaimsArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): void {
  for (let ordinal = 0; ordinal < replicas; ordinal++) {
    new kubernetes.core.v1.PersistentVolumeClaimPatch(
      `${name}-${template}-${ordinal}`,
      {
        metadata: {
          name: `${template}-${statefulSet}-${ordinal}`,
          namespace,
          // The size is the StatefulSet's controller's before it is ours.
          annotations: { "pulumi.com/patchForce": "true" },
        },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
      },
      // To give the size back to nobody would be refused: a claim must have one.
      { parent: options.parent, dependsOn: [...options.dependsOn], retainOnDelete: true },
    );
  }
}
