import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

import { formatKubeconfig, parseKubeconfig } from "../../../rehearsal/kubernetes/kubeconfig.ts";
import { testFolder } from "./cluster.ts";

const clusters = [
  { name: "one", cluster: { server: "https://one.example:6443/", "insecure-skip-tls-verify": true } },
  { name: "two", cluster: { server: "https://two.example/k8s", "tls-server-name": "kubernetes" } },
];
const users = [
  { name: "token", user: { token: "secret" } },
  { name: "old", user: { "auth-provider": { name: "gcp" } } },
];
const contexts = [
  { name: "one", context: { cluster: "one", user: "token" } },
  { name: "two", context: { cluster: "two", user: "token", namespace: "team" } },
  { name: "old", context: { cluster: "one", user: "old" } },
  { name: "broken", context: { cluster: "three", user: "token" } },
];
const config = { clusters, users, contexts, "current-context": "one" };

describe("a kubeconfig", () => {
  it("is read as it was written", () => {
    const written = {
      name: "local",
      server: "https://127.0.0.1:1",
      certificateAuthority: "CA\n",
      certificate: "C\n",
      key: "K\n",
    };
    assert.deepEqual(parseKubeconfig(formatKubeconfig(written)), {
      server: "https://127.0.0.1:1",
      certificateAuthority: "CA\n",
      skipVerification: false,
      namespace: "default",
      user: { certificate: "C\n", key: "K\n" },
    });
  });

  it("gives its current context, or the one that is asked for", () => {
    const current = parseKubeconfig(stringify(config));
    assert.deepEqual(current, {
      server: "https://one.example:6443",
      skipVerification: true,
      namespace: "default",
      user: { token: "secret" },
    });
    const two = parseKubeconfig(JSON.stringify(config), { context: "two" });
    assert.equal(two.server, "https://two.example/k8s");
    assert.equal(two.serverName, "kubernetes");
    assert.equal(two.namespace, "team");
  });

  it("names files relative to its own folder", () => {
    const folder = testFolder();
    mkdirSync(join(folder, "pki"));
    writeFileSync(join(folder, "pki", "ca.crt"), "CA");
    const cluster = { server: "https://one.example", "certificate-authority": "pki/ca.crt" };
    const user = { tokenFile: "token" };
    const contents = stringify({
      clusters: [{ name: "one", cluster }],
      users: [{ name: "one", user }],
      contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    });
    const connection = parseKubeconfig(contents, { folder });
    assert.equal(connection.certificateAuthority, "CA");
    assert.equal(connection.user.tokenFile, join(folder, "token"));
    assert.throws(() => parseKubeconfig(contents, { folder: "/nowhere" }), {
      name: "UserError",
      message: /^The kubeconfig's certificate-authority cannot be read: .*\/nowhere\/pki\/ca\.crt/,
    });
  });

  const mistakes: readonly (readonly [string, string, { readonly context?: string }, RegExp])[] = [
    ["is no YAML", "{", {}, /is not valid YAML/],
    ["is something else", "kind: Pod", {}, /This is no kubeconfig: it has no list of clusters/],
    ["has no current context", stringify({ ...config, "current-context": "" }), {}, /has no current context/],
    [
      "lacks the context",
      stringify(config),
      { context: "three" },
      /has no context "three" \(it has: one, two, old, broken\)/,
    ],
    [
      "lacks the context's cluster",
      stringify(config),
      { context: "broken" },
      /has no cluster "three" \(it has: one, two\)/,
    ],
    [
      "uses a removed way of authentication",
      stringify(config),
      { context: "old" },
      /removed in 1\.26: use an `exec` plugin/,
    ],
  ];
  for (const [what, contents, options, message] of mistakes) {
    it(`is refused in one sentence when it ${what}`, () => {
      assert.throws(() => parseKubeconfig(contents, options), { name: "UserError", message });
    });
  }
});
