import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ObjectMetadata } from "./system.ts";

/** What an account may do, as Kubernetes writes it. */
export type AccessRule = kubernetes.types.input.rbac.v1.PolicyRule;

export interface ServiceAccountArgs {
  /** Name, namespace and labels of the account; its roles and bindings are called the same. */
  readonly metadata: ObjectMetadata;
  /** Rights in its own namespace. @default none */
  readonly rules?: AccessRule[];
  /** Rights in the whole cluster. @default none */
  readonly clusterRules?: AccessRule[];
  /** Whether pods of the account get its token without asking. @default Kubernetes' own, which is yes */
  readonly automountToken?: boolean;
}

/**
 * An account by which pods speak to the API server, with the rights that it has.
 *
 * @returns all that was created: what a pod must wait for
 */
export function createServiceAccount(
  name: string,
  { automountToken, clusterRules, metadata, rules }: ServiceAccountArgs,
  options: { readonly parent: pulumi.Resource },
): pulumi.Resource[] {
  const { namespace, ...clusterWide } = metadata;
  const subjects = [{ kind: "ServiceAccount", name: metadata.name, namespace }];
  const role = (kind: "Role" | "ClusterRole") => ({
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: metadata.name },
    subjects,
  });
  return [
    new kubernetes.core.v1.ServiceAccount(
      name,
      { metadata, ...(automountToken !== undefined && { automountServiceAccountToken: automountToken }) },
      options,
    ),
    ...(clusterRules
      ? [
          new kubernetes.rbac.v1.ClusterRole(name, { metadata: clusterWide, rules: clusterRules }, options),
          new kubernetes.rbac.v1.ClusterRoleBinding(
            name,
            { metadata: clusterWide, ...role("ClusterRole") },
            options,
          ),
        ]
      : []),
    ...(rules
      ? [
          new kubernetes.rbac.v1.Role(name, { metadata, rules }, options),
          new kubernetes.rbac.v1.RoleBinding(name, { metadata, ...role("Role") }, options),
        ]
      : []),
  ];
}
