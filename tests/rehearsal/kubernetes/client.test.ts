import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { stringify } from "yaml";

import { KubernetesClient, type KubernetesError } from "../../../rehearsal/kubernetes/client.ts";
import type { RunningKubernetes } from "../../../rehearsal/kubernetes/index.ts";
import { parseKubeconfig } from "../../../rehearsal/kubernetes/kubeconfig.ts";
import type { KubernetesObject } from "../../../rehearsal/kubernetes/objects.ts";
import { createAuthority, issueCertificate } from "../../../rehearsal/kubernetes/pki/authority.ts";
import { startCluster, testFolder } from "./cluster.ts";

describe("the Kubernetes client", () => {
  const configMaps = "/api/v1/namespaces/default/configmaps";
  let cluster: RunningKubernetes;
  let client: KubernetesClient;

  before(async () => {
    cluster = await startCluster();
    client = new KubernetesClient(cluster.kubeconfig);
  });
  after(async () => {
    await client.close();
    await cluster.stop();
  });

  /** A kubeconfig for the cluster with another user, or other settings of the cluster. */
  function kubeconfigWith(user: object, settings: object = {}): string {
    const { server, certificateAuthority = "" } = parseKubeconfig(cluster.kubeconfig);
    const trust = { "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64") };
    return stringify({
      clusters: [{ name: "c", cluster: { server, ...trust, ...settings } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    });
  }

  async function whoAmI(kubeconfig: string): Promise<string> {
    await using other = new KubernetesClient(kubeconfig);
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    const review = (await other.request("POST", path, { body: {} })) as {
      readonly status: { readonly userInfo: { readonly username: string } };
    };
    return review.status.userInfo.username;
  }

  async function serviceAccountToken(): Promise<string> {
    const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
    const { status } = (await client.request("POST", path, { body: {} })) as {
      readonly status: { readonly token: string };
    };
    return status.token;
  }

  it("answers JSON as values and everything else as text", async () => {
    const version = (await client.request("GET", "/version")) as { readonly major: string };
    assert.equal(version.major, "1");
    assert.equal(await client.request("GET", "/readyz"), "ok");
  });

  it("throws the server's own words, reason and causes", async () => {
    await assert.rejects(client.request("GET", `${configMaps}/none`), {
      name: "KubernetesError",
      status: 404,
      reason: "NotFound",
      message: 'configmaps "none" not found',
    });
    const body = { metadata: { name: "Not valid" } };
    await assert.rejects(client.request("POST", configMaps, { body }), (error: KubernetesError) => {
      assert.equal(error.status, 422);
      assert.equal(error.details.causes?.[0]?.field, "metadata.name");
      return true;
    });
  });

  it("sends queries and content types", async () => {
    await client.request("PATCH", `${configMaps}/applied`, {
      contentType: "application/apply-patch+yaml",
      query: { fieldManager: "somebody", force: true, dryRun: undefined },
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "applied" }, data: { a: "1" } },
    });
    const object = (await client.request("GET", `${configMaps}/applied`)) as {
      readonly metadata: { readonly managedFields: readonly { readonly manager: string }[] };
    };
    assert.deepEqual(
      object.metadata.managedFields.map(({ manager }) => manager),
      ["somebody"],
    );
  });

  it("does many things at once", async () => {
    const names = Array.from({ length: 120 }, (_, index) => `many-${index}`);
    await Promise.all(
      names.map((name) => client.request("POST", configMaps, { body: { metadata: { name } } })),
    );
    await Promise.all(names.map((name) => client.request("DELETE", `${configMaps}/${name}`)));
  });

  it("watches what happens, until it is told to stop", async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const query = { fieldSelector: "metadata.name=watched" };
    const watching = (async () => {
      for await (const { type } of client.watch<KubernetesObject>(configMaps, {
        query,
        signal: stop.signal,
      })) {
        seen.push(type);
        if (type === "ADDED") await client.request("DELETE", `${configMaps}/watched`);
        else stop.abort();
      }
    })();
    await client.request("POST", configMaps, { body: { metadata: { name: "watched" } } });
    await watching;
    assert.deepEqual(seen, ["ADDED", "DELETED"]);
  });

  it("puts together what a watch sends in pieces, and throws the error that a watch ends with", async () => {
    const event = { type: "ADDED", object: { kind: "ConfigMap", data: { schön: "ß" } } };
    const status = {
      kind: "Status",
      code: 410,
      reason: "Expired",
      message: "too old resource version: 1 (9)",
    };
    const bytes = Buffer.from(
      [event, { type: "ERROR", object: status }].map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
    const authority = await createAuthority("test", 1);
    const serves = { names: [], addresses: ["127.0.0.1"] };
    const { certificate, key } = await issueCertificate(authority, { commonName: "server", serves, days: 1 });
    const server = createHttpsServer({ cert: certificate, key }, (_, response) => {
      void Readable.from([...bytes].map((byte) => Buffer.of(byte))).pipe(response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const settings = {
      server: `https://127.0.0.1:${port}`,
      "certificate-authority-data": Buffer.from(authority.certificate).toString("base64"),
    };
    await using other = new KubernetesClient(kubeconfigWith({ token: "t" }, settings));
    const watching = other.watch(configMaps);
    assert.deepEqual((await watching.next()).value, event);
    await assert.rejects(watching.next(), { name: "KubernetesError", status: 410, message: status.message });
    server.close();
  });

  it("stops a request when it is told to", async () => {
    const reason = new Error("enough");
    await assert.rejects(client.request("GET", configMaps, { signal: AbortSignal.abort(reason) }), reason);
  });

  it("proves who asks by certificate, token or plugin", async () => {
    const token = await serviceAccountToken();
    const account = "system:serviceaccount:default:default";
    assert.equal(await whoAmI(cluster.kubeconfig), "system:admin");
    assert.equal(await whoAmI(kubeconfigWith({ token })), account);
    const program = `
      const { spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      const token = spec.cluster.server.startsWith("https:") ? process.env.TOKEN : "";
      console.log(JSON.stringify({ kind: "ExecCredential", status: { token } }));
    `;
    const exec = { command: process.execPath, args: ["-e", program], env: [{ name: "TOKEN", value: token }] };
    assert.equal(await whoAmI(kubeconfigWith({ exec })), account);
  });

  it("asks a plugin again when what it gave has expired, and after it failed", async () => {
    const token = await serviceAccountToken();
    const calls = join(testFolder(), "calls");
    // Fails at first; then gives what has expired already.
    const program = `
      const { appendFileSync, readFileSync } = require("node:fs");
      appendFileSync(process.env.CALLS, "x");
      if (readFileSync(process.env.CALLS, "utf8").length === 1) process.exit(1);
      const status = { token: process.env.TOKEN, expirationTimestamp: "2020-01-01T00:00:00Z" };
      console.log(JSON.stringify({ status }));
    `;
    const env = [
      { name: "CALLS", value: calls },
      { name: "TOKEN", value: token },
    ];
    const exec = { command: process.execPath, args: ["-e", program], env };
    await using other = new KubernetesClient(kubeconfigWith({ exec }));
    await assert.rejects(other.request("GET", "/version"), /credential plugin/);
    await other.request("GET", "/version");
    await other.request("GET", "/version");
    assert.equal(readFileSync(calls, "utf8"), "xxx");
  });

  it("says in one sentence what is wrong with a plugin", async () => {
    const missing = { exec: { command: "no-such-plugin", installHint: "Install it from example.org." } };
    await assert.rejects(whoAmI(kubeconfigWith(missing)), {
      name: "UserError",
      message:
        /^The kubeconfig's credential plugin `no-such-plugin` failed: .*ENOENT\nInstall it from example\.org\.$/,
    });
    const silent = { exec: { command: process.execPath, args: ["-e", ""] } };
    await assert.rejects(whoAmI(kubeconfigWith(silent)), {
      message: /printed no ExecCredential with a status/,
    });
  });

  it("trusts the kubeconfig's authority only, unless told to trust everybody", async () => {
    const token = await serviceAccountToken();
    const { certificate } = await createAuthority("somebody else", 1);
    const foreign = { "certificate-authority-data": Buffer.from(certificate).toString("base64") };
    await assert.rejects(whoAmI(kubeconfigWith({ token }, foreign)), {
      name: "UserError",
      message: /shows a certificate of another authority than the kubeconfig's/,
    });
    const careless = { "certificate-authority-data": "", "insecure-skip-tls-verify": true };
    assert.match(await whoAmI(kubeconfigWith({ token }, careless)), /^system:serviceaccount/);
  });

  it("says in one sentence why a server cannot be reached", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const address = `https://127.0.0.1:${port}`;
    const kubeconfig = kubeconfigWith({ token: "t" }, { server: address });
    await assert.rejects(whoAmI(kubeconfig), {
      name: "UserError",
      message: `The Kubernetes API server ${address} closed the connection before it answered: it may be restarting.`,
    });
    server.close();
    await once(server, "close");
    await assert.rejects(whoAmI(kubeconfig), {
      message: `The Kubernetes API server ${address} refuses connections: is the cluster running?`,
      code: "ECONNREFUSED",
    });
  });
});
