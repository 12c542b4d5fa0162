import type { types } from "@pulumi/kubernetes";

/** For a container: it can gain no rights, and has none of root's. */
export const unprivileged = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
} satisfies types.input.core.v1.SecurityContext;

/** For a container: {@link unprivileged}, and its image's files stay as they are. */
export const hardened = {
  ...unprivileged,
  readOnlyRootFilesystem: true,
} satisfies types.input.core.v1.SecurityContext;

/** For a pod: its processes are no root, and make only the system calls of the container runtime's default profile. */
export interface NonRoot {
  readonly runAsNonRoot: true;
  readonly runAsUser: number;
  readonly runAsGroup: number;
  readonly seccompProfile: { readonly type: "RuntimeDefault" };
}

/** @param group @default the user's number */
export function nonRoot(user: number, group = user): NonRoot {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: group,
    seccompProfile: { type: "RuntimeDefault" },
  };
}
