import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { User } from "../../../config/sections/access.ts";
import { GuardedNamespace } from "../../kit/guarded-namespace.ts";
import { grants, type Grant } from "./roles.ts";
import { userKubeconfig } from "./user-kubeconfig.ts";

/** Where the users' accounts are; nothing runs there. */
const accountsNamespace = "users";

const labels = {
  "app.kubernetes.io/name": "users",
  "app.kubernetes.io/component": "cluster",
  "app.kubernetes.io/part-of": "uap",
};

export interface UsersArgs {
  readonly users: readonly User[];
  /** The cluster's name. */
  readonly cluster: string;
  /** The administrator's: the users' lead to the same server. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Namespaces in which developers may change things. */
  readonly workspaces: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * The people of `uap:access.users`, each with a ServiceAccount and a token that never ends by itself.
 *
 * A token and not a client certificate, since Kubernetes cannot revoke a certificate: who is taken off the list is out at once, with
 * the Secret that holds the token.
 */
export class Users extends pulumi.ComponentResource {
  /** A kubeconfig for every user, by name; secret. */
  readonly kubeconfigs: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(args: UsersArgs, options: pulumi.ComponentResourceOptions) {
    super("uap:cluster:Users", "users", {}, options);
    this.kubeconfigs = pulumi.secret(args.users.length === 0 ? {} : this.#createAccounts(args));
    this.registerOutputs();
  }

  #createAccounts({ cluster, kubeconfig, users, workspaces }: UsersArgs) {
    const namespace = new GuardedNamespace(
      { name: accountsNamespace, quota: { milliCpu: 0, memory: 0, storage: 0, pods: 0 } },
      { parent: this },
    ).name;
    const accounts = users.map((user) => ({ user, account: this.#createAccount(user, namespace) }));
    for (const grant of grants) {
      const subjects = accounts
        .filter(({ user }) => grant.holders.includes(user.role))
        .map(({ account }) => ({ kind: "ServiceAccount", name: account.metadata.name, namespace }));
      if (subjects.length > 0) this.#bind(grant, subjects, workspaces);
    }
    return pulumi.all(
      Object.fromEntries(
        accounts.map(({ account, user: { name } }) => [
          name,
          pulumi
            .all([kubeconfig, this.#createToken(name, account)])
            .apply(([administrator, token]) => userKubeconfig(administrator, cluster, { name, token })),
        ]),
      ),
    );
  }

  #createAccount({ name }: User, namespace: pulumi.Output<string>): kubernetes.core.v1.ServiceAccount {
    return new kubernetes.core.v1.ServiceAccount(
      `user-${name}`,
      { metadata: { name, namespace, labels }, automountServiceAccountToken: false },
      { parent: this },
    );
  }

  /** Kubernetes fills the Secret; both providers wait until it has. */
  #createToken(name: string, account: kubernetes.core.v1.ServiceAccount): pulumi.Output<string> {
    const secret = new kubernetes.core.v1.Secret(
      `user-${name}`,
      {
        metadata: {
          name: `${name}-token`,
          namespace: account.metadata.namespace,
          labels,
          annotations: { "kubernetes.io/service-account.name": account.metadata.name },
        },
        type: "kubernetes.io/service-account-token",
      },
      { parent: this, additionalSecretOutputs: ["data"] },
    );
    return pulumi.secret(secret.data.apply((data) => tokenIn(name, data)));
  }

  #bind(
    { role, scope }: Grant,
    subjects: kubernetes.types.input.rbac.v1.Subject[],
    workspaces: UsersArgs["workspaces"],
  ): void {
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role };
    const name = `uap-users-${role}`;
    if (scope === "cluster") {
      new kubernetes.rbac.v1.ClusterRoleBinding(
        `users-${role}`,
        { metadata: { name, labels }, roleRef, subjects },
        { parent: this },
      );
      return;
    }
    for (const [workspace, namespace] of Object.entries(workspaces)) {
      new kubernetes.rbac.v1.RoleBinding(
        `users-${role}-${workspace}`,
        { metadata: { name, namespace, labels }, roleRef, subjects },
        { parent: this },
      );
    }
  }
}

/** The token in a Secret's data. A preview asks the cluster for a Secret that it will not fill. */
function tokenIn(user: string, data: Readonly<Record<string, string>> | undefined): string {
  const token = data?.token;
  if (token !== undefined) return Buffer.from(token, "base64").toString("utf8");
  if (pulumi.runtime.isDryRun()) return "";
  throw new Error(`Kubernetes issued no token for the user ${user}.`);
}
