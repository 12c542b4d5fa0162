import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { parseConfiguration } from "../../../config/index.ts";
import { catalogue } from "../../../platform/catalogue.ts";
import { grants, workspacesOf } from "../../../platform/cluster/users/roles.ts";
import { userKubeconfig } from "../../../platform/cluster/users/user-kubeconfig.ts";

const administrator = stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "dev",
  contexts: [
    { name: "other", context: { cluster: "other", user: "root" } },
    { name: "dev", context: { cluster: "dev", user: "root" } },
  ],
  clusters: [
    { name: "other", cluster: { server: "https://192.0.2.1:6443" } },
    { name: "dev", cluster: { server: "https://192.0.2.2:6443", "certificate-authority-data": "Q0E=" } },
  ],
  users: [{ name: "root", user: { "client-key-data": "S0VZ" } }],
});

describe("a user's kubeconfig", () => {
  it("leads to the administrator's cluster with the user's own token, and with nothing of the administrator's", () => {
    const text = userKubeconfig(administrator, "dev", { name: "ada", token: "t0ken" });
    assert.deepEqual(parse(text), {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "dev-ada",
      contexts: [{ name: "dev-ada", context: { cluster: "dev", user: "dev-ada" } }],
      clusters: [
        { name: "dev", cluster: { server: "https://192.0.2.2:6443", "certificate-authority-data": "Q0E=" } },
      ],
      users: [{ name: "dev-ada", user: { token: "t0ken" } }],
    });
  });

  it("cannot be made from a kubeconfig that leads nowhere", () => {
    assert.throws(
      () =>
        userKubeconfig(administrator.replace("current-context: dev", "current-context: gone"), "dev", {
          name: "ada",
          token: "t0ken",
        }),
      /has no cluster for its context gone/,
    );
  });
});

describe("roles", () => {
  it("let administrators do everything, developers change what they work with, and viewers look", () => {
    const of = (role: "admin" | "developer" | "viewer") =>
      grants
        .filter(({ holders }) => holders.includes(role))
        .map(({ role: granted, scope }) => `${granted} ${scope}`);
    assert.deepEqual(of("admin"), ["cluster-admin cluster"]);
    assert.deepEqual(of("developer"), ["view cluster", "edit workspaces"]);
    assert.deepEqual(of("viewer"), ["view cluster"]);
  });

  it("keep developers out of the namespaces of the cluster's operators", () => {
    const configuration = parseConfiguration(
      {
        cluster: { kind: "existing", name: "dev", nodes: { count: 9, cpu: "16", memory: "64Gi" } },
        platform: { preset: "minimal", systems: { keda: true, mosquitto: true } },
      },
      catalogue,
    );
    assert.deepEqual(workspacesOf(configuration), ["data", catalogue.portal.namespace]);
  });
});
