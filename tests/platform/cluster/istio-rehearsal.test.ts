import assert from "node:assert/strict";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const settings = {
  charts: { source: "facts" },
  platform: {
    preset: "minimal",
    systems: {
      portal: false,
      "cert-manager": false,
      mosquitto: true,
      zabbix: true,
      istio: { namespaces: [{ name: "data", mtls: "permissive", gatewayPorts: [8080] }] },
    },
  },
};

interface Labelled {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
}

interface Pods {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: { readonly image: string }[] } };
  };
}

describe("a mesh, and Zabbix beside it", function () {
  this.timeout(120_000);
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("comes up before its members, changes nothing a second time, and leaves nothing", () =>
    rehearsed.session(async (session) => {
      await update(session);
      const { client } = session.cluster;
      assert.ok(client);
      const namespace = (await client.request("GET", "/api/v1/namespaces/data")) as Labelled;
      assert.equal(namespace.metadata.labels["istio-injection"], "enabled");
      assert.equal(namespace.metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
      const gateway = (await client.request(
        "GET",
        "/apis/apps/v1/namespaces/istio-system/deployments/istio-gateway",
      )) as Pods;
      assert.deepEqual(
        gateway.spec.template.spec.containers.map(({ image }) => image),
        ["registry.istio.io/release/proxyv2:1.30.3"],
      );
      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));
      await destroy(session);
      const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
      await assert.rejects(client.request("GET", `${definitions}/peerauthentications.security.istio.io`), {
        status: 404,
      });
    }, settings));
});
