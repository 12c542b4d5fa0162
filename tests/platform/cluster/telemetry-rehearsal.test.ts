import assert from "node:assert/strict";
import { destroy, lines, plan, RehearsedStack, update } from "../../support/rehearsed-stack.ts";

const settings = {
  charts: { source: "facts" },
  platform: {
    preset: "minimal",
    systems: {
      portal: false,
      monitoring: { alerts: [{ kind: "webhook", url: "https://alerts.example.org", path: "/hush" }] },
      "fluent-bit": true,
      jaeger: true,
      influxdb: true,
      telegraf: true,
      openbao: true,
    },
  },
};

/** One object of each system that is made after the charts, or beside them. */
const objects = [
  "/apis/monitoring.coreos.com/v1/namespaces/logging/podmonitors/fluent-bit",
  "/apis/monitoring.coreos.com/v1/namespaces/observability/servicemonitors/jaeger",
  "/apis/monitoring.coreos.com/v1/namespaces/logging/prometheusrules/fluent-bit",
  "/apis/monitoring.coreos.com/v1/namespaces/openbao/servicemonitors/openbao",
  "/api/v1/namespaces/monitoring/configmaps/fluent-bit-dashboard",
  "/api/v1/namespaces/monitoring/secrets/influxdb-datasource",
  "/apis/apps/v1/namespaces/telegraf/deployments/telegraf",
];

interface Workload {
  readonly status: { readonly readyReplicas?: number };
}

describe("what watches the platform", function () {
  // Some two hundred objects, four times over.
  this.timeout(180_000);
  let rehearsed: RehearsedStack;
  before(async () => {
    rehearsed = await RehearsedStack.open("local");
  });
  after(() => rehearsed.close());

  it("comes up with its monitors and dashboards, changes nothing a second time, and leaves nothing", () =>
    rehearsed.session(async (session) => {
      await update(session);
      const { client } = session.cluster;
      assert.ok(client);
      for (const path of objects) await client.request("GET", path);
      const statefulSets = "/apis/apps/v1/namespaces/monitoring/statefulsets";
      const prometheus = (await client.request(
        "GET",
        `${statefulSets}/prometheus-kube-prometheus-stack-prometheus`,
      )) as Workload;
      assert.equal(prometheus.status.readyReplicas, 1);
      const { data } = (await client.request(
        "GET",
        "/api/v1/namespaces/monitoring/secrets/alertmanager-configuration",
      )) as { data: Record<string, string> };
      const route = Buffer.from(data["alertmanager.yaml"] ?? "", "base64").toString();
      assert.match(route, /url: https:\/\/alerts\.example\.org\/hush/);
      const again = await plan(session);
      assert.deepEqual(again, [], lines(again));
      await destroy(session);
      const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
      await assert.rejects(client.request("GET", `${definitions}/podmonitors.monitoring.coreos.com`), {
        status: 404,
      });
    }, settings));
});
