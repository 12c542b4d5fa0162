import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { createServiceAccount, type ServiceAccountArgs } from "../../../platform/kit/service-account.ts";
import { runComponents } from "../../support/components.ts";

class Shop extends pulumi.ComponentResource {
  constructor(rights: Omit<ServiceAccountArgs, "metadata">) {
    super("uap:test:Shop", "shop");
    const metadata = { name: "shop", namespace: pulumi.output("shops"), labels: { app: "shop" } };
    createServiceAccount("shop", { metadata, ...rights }, { parent: this });
  }
}

const rule = { apiGroups: [""], resources: ["pods"], verbs: ["list"] };

async function created(rights: Omit<ServiceAccountArgs, "metadata">): Promise<[string, unknown][]> {
  const { resources } = await runComponents(() => new Shop(rights));
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ type, inputs }) => [type.split(":").at(-1) ?? "", inputs]);
}

describe("an account of the kit", () => {
  it("has no rights by itself", async () => {
    assert.deepEqual(
      (await created({ automountToken: false })).map(([kind]) => kind),
      ["ServiceAccount"],
    );
  });

  it("has rights in its namespace by a Role, and in the whole cluster by a ClusterRole, which has no namespace", async () => {
    const resources = Object.fromEntries(await created({ rules: [rule], clusterRules: [rule] }));
    const subjects = [{ kind: "ServiceAccount", name: "shop", namespace: "shops" }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", name: "shop" };
    const metadata = { name: "shop", labels: { app: "shop" } };
    const { ClusterRole, ClusterRoleBinding, Role, RoleBinding } = resources;
    assert.partialDeepStrictEqual(Role, { metadata: { ...metadata, namespace: "shops" }, rules: [rule] });
    assert.partialDeepStrictEqual(RoleBinding, { roleRef: { ...roleRef, kind: "Role" }, subjects });
    assert.deepEqual((ClusterRole as { metadata: unknown }).metadata, metadata);
    assert.partialDeepStrictEqual(ClusterRoleBinding, {
      metadata,
      roleRef: { ...roleRef, kind: "ClusterRole" },
      subjects,
    });
  });
});
