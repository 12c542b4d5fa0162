import assert from "node:assert/strict";
import { runProgram, type GraphResource } from "../../support/mock-engine.ts";
import { everyConfiguration } from "../../support/programs.ts";

const watched = {
  "cert-manager": true,
  "sealed-secrets": true,
  openbao: true,
  "fluent-bit": true,
  jaeger: true,
  influxdb: true,
  telegraf: true,
  keda: true,
  istio: true,
};

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

interface Watcher {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly endpoints?: readonly Readonly<Record<string, unknown>>[];
    readonly groups?: readonly { readonly rules: readonly Rule[] }[];
  };
}

async function objectsOf(systems: Readonly<Record<string, boolean>>) {
  const nodes = { count: 9, cpu: "16", memory: "64Gi", disk: "500Gi" };
  const { resources } = await runProgram("local", {
    "uap:cluster": { kind: "existing", ingress: "install", nodes },
    "uap:platform": { preset: "minimal", systems: { portal: false, ...systems } },
  });
  const watchers = resources
    .filter(({ type }) => type.startsWith("kubernetes:monitoring.coreos.com"))
    .map(({ inputs }) => inputs as unknown as Watcher);
  const dashboards = resources
    .filter(({ name, type }) => type.endsWith(":ConfigMap") && name.endsWith("-dashboard"))
    .map(({ inputs }) => (inputs as { metadata: { name: string } }).metadata.name);
  return { watchers, dashboards };
}

describe("the cluster layer's systems", () => {
  it("are measured and shown where monitoring is on, each that measures itself", async () => {
    const { dashboards, watchers } = await objectsOf({ ...watched, monitoring: true });
    const monitored = watchers
      .filter(({ kind }) => kind !== "PrometheusRule")
      .map(({ metadata }) => metadata.name);
    // Telegraf tells InfluxDB of itself, and nobody else.
    const names = [...Object.keys(watched).filter((name) => name !== "telegraf"), "traefik"].sort();
    const ofIstio = ["istiod", "istio-gateway"];
    assert.deepEqual(monitored.sort(), [...names.filter((name) => name !== "istio"), ...ofIstio].sort());
    assert.deepEqual(dashboards.sort(), names.map((name) => `${name}-dashboard`).sort());
  });

  it("say in a sentence what is wrong, and how urgent it is", async () => {
    const { watchers } = await objectsOf({ ...watched, monitoring: true });
    const rules = watchers.flatMap(({ spec }) => (spec.groups ?? []).flatMap((group) => group.rules));
    assert.deepEqual(rules.map(({ alert }) => alert).sort(), [
      "CertificateExpiresSoon",
      "CertificateNotReady",
      "HighErrorRate",
      "InfluxDBDown",
      "InfluxDBVolumeAlmostFull",
      "IstioConfigurationRejected",
      "IstiodDown",
      "JaegerSpansDropped",
      "KedaScalerErrors",
      "LogsNotDelivered",
      "OpenBaoUnavailable",
      "SealedSecretUnsealFailed",
    ]);
    for (const { alert, annotations, labels } of rules) {
      assert.match(labels.severity, /^(warning|critical)$/, alert);
      assert.match(annotations.summary, /^[A-Z].*[.?]$/, alert);
    }
  });

  it("raise alerts wherever they are measured, in every layer", async () => {
    const measured = new Set<string>();
    const judged = new Set<string>();
    for (const { config, stack } of await everyConfiguration(["small"])) {
      const platform = config["uap:platform"] as { readonly systems?: object };
      const systems = { ...platform.systems, monitoring: true };
      const resources: GraphResource[] = [];
      // A stack that is too small for monitoring has been registered nowhere, and the groups of systems have room.
      await runProgram(stack, { ...config, "uap:platform": { ...platform, systems } }, resources).catch(
        (error: unknown) => {
          assert.match(String(error), /do not fit|mistake/);
        },
      );
      for (const { inputs, type } of resources) {
        if (!type.startsWith("kubernetes:monitoring.coreos.com")) continue;
        const { kind, metadata } = inputs as unknown as Watcher;
        const system = metadata.labels["app.kubernetes.io/name"] ?? metadata.name;
        (kind === "PrometheusRule" ? judged : measured).add(system);
      }
    }
    assert.ok(
      measured.has("kilo") && measured.has("velero") && measured.has("longhorn"),
      [...measured].join(", "),
    );
    assert.deepEqual(
      [...measured].filter((system) => !judged.has(system)),
      [],
    );
  }).timeout(60_000);

  it("are asked over TLS where they speak nothing else", async () => {
    const { watchers } = await objectsOf({ openbao: true, monitoring: true });
    const openbao = watchers.find(
      ({ kind, metadata }) => kind === "ServiceMonitor" && metadata.name === "openbao",
    );
    assert.deepEqual(openbao?.spec.endpoints, [
      {
        port: "https",
        path: "/v1/sys/metrics",
        interval: "30s",
        params: { format: ["prometheus"] },
        scheme: "https",
        tlsConfig: {
          ca: { secret: { name: "openbao-tls", key: "ca.crt" } },
          serverName: "openbao-active",
        },
      },
    ]);
  });

  it("make nothing of the kind where monitoring is off", async () => {
    const { dashboards, watchers } = await objectsOf(watched);
    assert.deepEqual([dashboards, watchers], [[], []]);
  });
});
