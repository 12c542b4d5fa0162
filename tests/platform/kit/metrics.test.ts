import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { dashboard, dashboardText, datasource, type Dashboard } from "../../../platform/kit/dashboard.ts";
import { podMonitor, serviceMonitor } from "../../../platform/kit/metrics.ts";
import { runComponents, type Registered } from "../../support/components.ts";
import { assertCustomResource, type CustomObject } from "../charts/custom-objects.ts";
import { needsFacts } from "../charts/facts.ts";

class Shop extends pulumi.ComponentResource {
  constructor() {
    super("uap:test:Shop", "shop");
  }
}

const args = () => ({
  monitoring: { charts: [], namespace: pulumi.output("monitoring") },
  metadata: { name: "shop", namespace: pulumi.output("shop"), labels: { app: "shop" } },
  selector: { app: "shop" },
  port: { name: "metrics", number: 9090 },
});

const pages: Dashboard = {
  title: "Shop",
  panels: [
    { title: "Sales", unit: "ops", queries: { "{{kind}}": "sum by (kind) (rate(sales_total[5m]))" } },
    { title: "Stock", unit: "short", queries: { now: "stock", least: "min_over_time(stock[1d])" } },
    { title: "Memory", unit: "bytes", queries: { heap: "go_memstats_heap_inuse_bytes" } },
  ],
};

function policies(resources: readonly Registered[]) {
  return resources
    .filter(({ type }) => type.endsWith(":NetworkPolicy"))
    .map(({ inputs }) => inputs as { metadata: { namespace: string }; spec: Record<string, unknown> })
    .sort((a, b) => a.metadata.namespace.localeCompare(b.metadata.namespace));
}

describe("a monitor", () => {
  it("of Services names their labels and their port, and passes its definition", async function () {
    const folder = needsFacts(this);
    const { resources } = await runComponents(() => {
      serviceMonitor("shop", args(), { parent: new Shop() });
    });
    const made = resources.find(({ type }) => type.endsWith(":ServiceMonitor"));
    assert.deepEqual(made?.inputs.spec, {
      selector: { matchLabels: { app: "shop" } },
      endpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
    });
    assertCustomResource(folder, made.inputs as unknown as CustomObject);
  });

  it("of pods opens the way on both sides, to these pods alone", async () => {
    const { resources } = await runComponents(() => {
      podMonitor("shop", args(), { parent: new Shop() });
    });
    const [prometheus, shop] = policies(resources);
    const port = { protocol: "TCP", port: 9090 };
    const prometheusPods = { matchLabels: { "app.kubernetes.io/name": "prometheus" } };
    assert.equal(prometheus?.metadata.namespace, "monitoring");
    assert.deepEqual(prometheus.spec, {
      podSelector: prometheusPods,
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
              podSelector: { matchLabels: { app: "shop" } },
            },
          ],
          ports: [port],
        },
      ],
    });
    assert.equal(shop?.metadata.namespace, "shop");
    assert.deepEqual(shop.spec, {
      podSelector: { matchLabels: { app: "shop" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
              podSelector: prometheusPods,
            },
          ],
          ports: [port],
        },
      ],
    });
  });
});

describe("a dashboard", () => {
  it("lies beside Grafana, under the label that it looks for", async () => {
    const { monitoring, metadata } = args();
    const { resources } = await runComponents(() => {
      dashboard("shop", { monitoring, metadata, dashboard: pages }, { parent: new Shop() });
    });
    const [made] = resources;
    const { labels, namespace } = made?.inputs.metadata as Record<string, unknown>;
    assert.equal(namespace, "monitoring");
    assert.deepEqual(labels, { app: "shop", grafana_dashboard: "1" });
    assert.deepEqual(made?.inputs.data, { "shop.json": dashboardText("shop", pages) });
  });

  it("has two panels side by side, each with its queries", () => {
    const { panels, uid } = JSON.parse(dashboardText("shop", pages)) as {
      uid: string;
      panels: { gridPos: unknown; targets: { refId: string; expr: string; legendFormat: string }[] }[];
    };
    assert.equal(uid, "uap-shop");
    assert.deepEqual(
      panels.map(({ gridPos }) => gridPos),
      [
        { x: 0, y: 0, w: 12, h: 8 },
        { x: 12, y: 0, w: 12, h: 8 },
        { x: 0, y: 8, w: 12, h: 8 },
      ],
    );
    assert.deepEqual(panels[1]?.targets, [
      { refId: "A", expr: "stock", legendFormat: "now" },
      { refId: "B", expr: "min_over_time(stock[1d])", legendFormat: "least" },
    ]);
  });
});

describe("a source of Grafana's", () => {
  it("is a Secret, and Grafana alone may reach it", async () => {
    const { monitoring, metadata } = args();
    const source = pulumi.output({ name: "Shop", type: "jaeger" as const, url: "http://shop.shop:80" });
    const { resources } = await runComponents(() => {
      datasource("shop", { monitoring, metadata, port: 80, datasource: source }, { parent: new Shop() });
    });
    const secret = resources.find(({ type }) => type.endsWith(":Secret"));
    assert.deepEqual((secret?.inputs.metadata as { labels: unknown }).labels, {
      app: "shop",
      grafana_datasource: "1",
    });
    const selectors = policies(resources).map(({ spec }) => JSON.stringify(spec));
    assert.equal(selectors.length, 2);
    for (const selector of selectors) assert.match(selector, /"app.kubernetes.io\/name":"grafana"/);
  });
});
