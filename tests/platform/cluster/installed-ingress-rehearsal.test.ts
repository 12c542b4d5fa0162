import assert from "node:assert/strict";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const settings = {
  charts: { source: "facts" },
  cluster: { kind: "existing", ingress: "install" },
  platform: { preset: "minimal", systems: { "cert-manager": false } },
};

interface Named {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

const classes = "/apis/networking.k8s.io/v1/ingressclasses";
const middlewares = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/middlewares.traefik.io";

describe("a cluster without an ingress controller", () => {
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("gets one before the pages and their logins, keeps it as it is, and loses it after them", () =>
    rehearsed.session(async (session) => {
      const { client } = session.cluster;
      assert.ok(client);
      // The rehearsal reads the stack's own file, by which its cluster brings Traefik along.
      await Promise.all([
        client.request("DELETE", `${classes}/traefik`),
        client.request("DELETE", middlewares),
      ]);
      await update(session);
      const names = ((await client.request("GET", classes)) as Named).items.map(
        ({ metadata }) => metadata.name,
      );
      assert.deepEqual(names.sort(), ["nginx", "traefik"]);
      await client.request("GET", "/apis/apps/v1/namespaces/traefik/deployments/traefik");
      const page = (await client.request(
        "GET",
        "/apis/networking.k8s.io/v1/namespaces/portal/ingresses/portal",
      )) as { metadata: { annotations: Record<string, string> } };
      const login = page.metadata.annotations["traefik.ingress.kubernetes.io/router.middlewares"];
      assert.equal(login, "portal-portal-login@kubernetescrd");
      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));
      await destroy(session);
      await assert.rejects(client.request("GET", middlewares), { status: 404 });
    }, settings));
});
