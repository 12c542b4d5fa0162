import assert from "node:assert/strict";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const settings = {
  charts: { source: "facts" },
  platform: {
    preset: "minimal",
    systems: {
      portal: false,
      ingress: false,
      "cert-manager": false,
      "sealed-secrets": true,
      nvidia: true,
      openbao: { policies: [{ name: "lab", paths: { "secret/data/lab/*": ["read"] } }] },
    },
  },
};

describe("secrets, sealed and kept, and nodes with a GPU", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("come up, change nothing a second time, and leave nothing", () =>
    rehearsed.session(async (session) => {
      await update(session);
      const { client } = session.cluster;
      assert.ok(client);
      const { data, metadata, type } = (await client.request(
        "GET",
        "/api/v1/namespaces/sealed-secrets/secrets/sealed-secrets-key",
      )) as { data: Record<string, string>; metadata: { labels: Record<string, string> }; type: string };
      assert.equal(type, "kubernetes.io/tls");
      assert.equal(metadata.labels["sealedsecrets.bitnami.com/sealed-secrets-key"], "active");
      const certificate = Buffer.from(data["tls.crt"] ?? "", "base64").toString();
      const outputs = await session.stack.outputs();
      assert.equal(outputs.sealingCertificate?.value, certificate);
      assert.equal(outputs.sealingCertificate.secret, false);
      const seal = (await client.request("GET", "/api/v1/namespaces/openbao/secrets/openbao-seal")) as {
        data: { key: string };
      };
      assert.equal(Buffer.from(seal.data.key, "base64").length, 32);
      const { value: credentials } = outputs.credentials as {
        value: { openbao: { admin: string } };
      };
      assert.equal(credentials.openbao.admin.length, 32);
      await client.request("GET", "/apis/node.k8s.io/v1/runtimeclasses/nvidia");
      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));
      await destroy(session);
    }, settings));
});
