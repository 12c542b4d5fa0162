import assert from "node:assert/strict";
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterIdentity } from "../../../infra/bootstrap/node-bootstrap.ts";
import { authorityFiles } from "../../../infra/bootstrap/node-bootstrap.ts";
import { ClusterPki } from "../../../infra/bootstrap/pki.ts";
import { joinToken, parseJoinToken } from "../../../infra/bootstrap/token.ts";
import { parseKubeconfig } from "../../../rehearsal/kubernetes/kubeconfig.ts";
import type { Properties } from "../../../rehearsal/providers/protocol/provider.ts";
import { revealed } from "../../../rehearsal/providers/protocol/secret.ts";
import { random } from "../../../rehearsal/providers/random/provider.ts";
import { tls } from "../../../rehearsal/providers/tls/provider.ts";
import { created } from "../../rehearsal/providers/direct.ts";

function resolved<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) =>
    output.apply((value) => {
      resolve(value);
    }),
  );
}

describe("a cluster's PKI", () => {
  let pki: ClusterPki;
  let identity: ClusterIdentity;
  let certificates: Map<string, X509Certificate>;

  before(async () => {
    const providers = { random: random(), tls: tls() };
    await pulumi.runtime.setMocks(
      {
        newResource: async ({ type, inputs }) => {
          const provider = type.startsWith("tls:")
            ? providers.tls
            : type.startsWith("random:")
              ? providers.random
              : undefined;
          if (provider === undefined) return { id: type, state: {} };
          const { id, state } = await created(provider, type, revealed(inputs) as Properties);
          return { id, state };
        },
        call: () => ({}),
      },
      "uap",
      "test",
      false,
    );
    pki = new ClusterPki({ cluster: "dev", apiHost: "api.dev.example.org" });
    identity = await resolved(pki.identity);
    certificates = new Map(
      authorityFiles
        .filter((name) => name.endsWith(".crt"))
        .map((name) => [name, new X509Certificate(identity.authorities[name])]),
    );
  });

  it("has every file that k3s looks for, and the key of each authority fits its certificate", () => {
    assert.deepEqual(Object.keys(identity.authorities).sort(), [...authorityFiles].sort());
    assert.equal(certificates.size, 5);
    for (const [name, certificate] of certificates) {
      const key = identity.authorities[name.replace(".crt", ".key") as (typeof authorityFiles)[number]];
      assert.ok(certificate.checkPrivateKey(createPrivateKey(key)), name);
      assert.ok(certificate.ca, name);
      assert.ok(certificate.verify(certificate.publicKey), name);
      assert.match(key, /^-----BEGIN EC PRIVATE KEY-----/);
    }
    assert.equal(
      createPrivateKey(identity.authorities["service.key"]).asymmetricKeyDetails?.namedCurve,
      "prime256v1",
    );
  });

  it("has one certificate in a file: k3s hashes a chain in another way", () => {
    for (const name of certificates.keys())
      assert.equal(identity.authorities[name as "server-ca.crt"].match(/BEGIN CERTIFICATE/g)?.length, 1);
  });

  it("trusts no authority for what another one is for", () => {
    assert.equal(new Set([...certificates.values()].map(({ fingerprint256 }) => fingerprint256)).size, 5);
  });

  it("names the server's authority in the tokens, as k3s checks it", () => {
    const hash = createHash("sha256").update(identity.authorities["server-ca.crt"]).digest("hex");
    const server = parseJoinToken(identity.serverToken);
    const agent = parseJoinToken(identity.agentToken);
    assert.deepEqual([server.hash, server.user, agent.hash, agent.user], [hash, "server", hash, "node"]);
    assert.notEqual(server.secret, agent.secret);
    assert.equal(server.secret.length, 32);
  });

  it("gives the administrator a kubeconfig that follows from it", async () => {
    const connection = parseKubeconfig(await resolved(pki.kubeconfig));
    assert.equal(connection.server, "https://api.dev.example.org:6443");
    assert.equal(connection.certificateAuthority, identity.authorities["server-ca.crt"]);
    const certificate = new X509Certificate(connection.user.certificate ?? "");
    const client = certificates.get("client-ca.crt");
    assert.ok(client && certificate.verify(client.publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(connection.user.key ?? "")));
    assert.match(certificate.subject, /^O=system:masters$/m);
    const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 86_400_000;
    assert.ok(days > 364 && days < 366, String(days));
  });

  it("has an SSH key of its own for servers, a single line without a comment, and its private half", async () => {
    const line = await resolved(pki.sshKey.publicKey);
    assert.match(line, /^ssh-ed25519 AAAA[A-Za-z0-9+/]{60,}$/);
    const body = Buffer.from(line.split(" ")[1] ?? "", "base64");
    const [first, ...lines] = (await resolved(pki.sshKey.privateKey)).trim().split("\n");
    assert.equal(first, "-----BEGIN OPENSSH PRIVATE KEY-----");
    assert.equal(lines.pop(), "-----END OPENSSH PRIVATE KEY-----");
    assert.ok(Buffer.from(lines.join(""), "base64").includes(body));
  });

  it("is secret as a whole", async () => {
    assert.ok(await pulumi.isSecret(pki.sshKey.privateKey));
    assert.ok(await pulumi.isSecret(pki.identity));
    assert.ok(await pulumi.isSecret(pki.kubeconfig));
  });
});

describe("a join token", () => {
  it("has k3s' full format", () => {
    const token = joinToken("authority\n", "node", "secret:with:colons");
    assert.match(token, /^K10[0-9a-f]{64}::node:secret:with:colons$/);
    assert.deepEqual(parseJoinToken(token), {
      hash: createHash("sha256").update("authority\n").digest("hex"),
      user: "node",
      secret: "secret:with:colons",
    });
  });

  it("is refused in another format, without being shown", () => {
    assert.throws(
      () => parseJoinToken("hunter2"),
      (error: RangeError) => !error.message.includes("hunter2"),
    );
  });
});
