import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { hasStatus, KubernetesClient } from "../../../rehearsal/kubernetes/client.ts";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const users = [
  { name: "ada", role: "developer" },
  { name: "grace", role: "viewer" },
  { name: "root", role: "admin" },
];

const settings = { charts: { source: "facts" }, platform: { preset: "minimal" }, access: { users } };

type Answer = Promise<unknown>;

describe("the public side of a stack without a domain, and its users", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("come up, change nothing a second time, let in whom they should, and leave nothing", () =>
    rehearsed.session(async (session) => {
      await update(session);
      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));
      const { client } = session.cluster;
      assert.ok(client);
      const issuer = "/apis/cert-manager.io/v1/clusterissuers/own-authority";
      await client.request("GET", issuer);
      const page = (await client.request(
        "GET",
        "/apis/networking.k8s.io/v1/namespaces/portal/ingresses/portal",
      )) as { metadata: { annotations: Record<string, string> } };
      assert.equal(page.metadata.annotations["cert-manager.io/cluster-issuer"], "own-authority");

      const secret = (await client.request(
        "GET",
        "/api/v1/namespaces/cert-manager/secrets/own-authority",
      )) as {
        data: Readonly<Record<"tls.crt" | "ca.crt", string>>;
      };
      const [delegate, root] = [secret.data["tls.crt"], secret.data["ca.crt"]].map(
        (text) => new X509Certificate(Buffer.from(text, "base64")),
      );
      assert.ok(delegate && root);
      assert.ok(delegate.ca, "it may sign certificates");
      assert.ok(delegate.verify(root.publicKey), "in the name of the stack's authority");
      assert.ok(!delegate.publicKey.equals(root.publicKey), "with a key of its own");

      const { userKubeconfigs } = await session.stack.outputs();
      assert.equal(userKubeconfigs?.secret, true);
      const kubeconfigs = userKubeconfigs.value as Readonly<Record<string, string>>;
      assert.deepEqual(Object.keys(kubeconfigs).sort(), ["ada", "grace", "root"]);
      await asUser(kubeconfigs.ada, async (ada) => {
        await ada("GET", "/api/v1/namespaces/cert-manager/pods");
        await ada("GET", "/api/v1/namespaces/portal/secrets");
        await assert.rejects(ada("GET", "/api/v1/namespaces/cert-manager/secrets"), { status: 403 });
      });
      await asUser(kubeconfigs.grace, async (grace) => {
        await grace("GET", "/api/v1/namespaces/portal/pods");
        await assert.rejects(grace("GET", "/api/v1/namespaces/portal/secrets"), { status: 403 });
      });
      await asUser(kubeconfigs.root, (root) => root("GET", "/api/v1/secrets"));

      await session.stack.setConfig("uap:access", { value: JSON.stringify({ users: users.slice(1) }) });
      await update(session);
      // The server forgets a token some seconds after its Secret is gone; what it may do is gone with the binding.
      await asUser(kubeconfigs.ada, (ada) =>
        assert.rejects(
          ada("GET", "/api/v1/namespaces/portal/pods"),
          (error) => hasStatus(error, 401) || hasStatus(error, 403),
        ),
      );

      await destroy(session);
      await assert.rejects(client.request("GET", issuer), { status: 404 });
    }, settings));
});

async function asUser(
  kubeconfig: string | undefined,
  work: (request: (method: "GET", path: string) => Answer) => Answer,
): Promise<void> {
  assert.ok(kubeconfig);
  const client = new KubernetesClient(kubeconfig);
  try {
    await work((method, path) => client.request(method, path));
  } finally {
    await client.close();
  }
}
