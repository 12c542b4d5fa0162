import assert from "node:assert/strict";
import { sizes } from "../../../config/systems.ts";
import { monitoringBudget, monitoringRendering } from "../../../platform/cluster/monitoring/rendering.ts";
import { monitoringValues, retentionSize } from "../../../platform/cluster/monitoring/values.ts";
import { rendered } from "../../../platform/charts/rendering.ts";
import { runProgram } from "../../support/mock-engine.ts";
import { assertChartValues, valueAt } from "../charts/chart-values.ts";
import { needsFacts } from "../charts/facts.ts";

const settings = {
  options: { retention: "7d", storage: "10Gi", size: "small" },
  namespace: "monitoring",
  host: "grafana.dev1.example.org",
  exporterNetwork: "node",
  administrator: "grafana-administrator",
  alertmanager: "alertmanager-configuration",
} as const;

describe("the values of monitoring", () => {
  it("are known to the chart, in every size", function () {
    const folder = needsFacts(this);
    for (const size of sizes) {
      const values = monitoringValues({ ...settings, options: { ...settings.options, size } });
      assertChartValues(folder, "kube-prometheus-stack", values);
    }
    const values = monitoringValues({ ...settings, exporterNetwork: "pods" });
    assertChartValues(folder, "kube-prometheus-stack", values);
  });

  it("open Prometheus to the monitors and rules of every namespace", () => {
    const spec = valueAt(monitoringValues(settings), "prometheus.prometheusSpec") as Record<string, unknown>;
    const selectors = Object.keys(spec).filter((key) => key.endsWith("SelectorNilUsesHelmValues"));
    assert.equal(selectors.length, 5);
    for (const selector of selectors) assert.equal(spec[selector], false, selector);
  });

  it("ask for nothing that k3s does not have", () => {
    const values = monitoringValues(settings);
    for (const part of ["kubeControllerManager", "kubeScheduler", "kubeProxy", "kubeEtcd"])
      assert.equal(valueAt(values, `${part}.enabled`), false, part);
  });

  it("do not keep what a server's kubelet tells of the API server a second time", () => {
    const [{ action, regex } = { action: "", regex: "" }] = valueAt(
      monitoringValues(settings),
      "kubelet.serviceMonitor.metricRelabelings",
    ) as { action: string; regex: string }[];
    assert.equal(action, "drop");
    const dropped = new RegExp(`^${regex}$`);
    assert.match("apiserver_request_duration_seconds_bucket", dropped);
    assert.doesNotMatch("kubelet_volume_stats_used_bytes", dropped);
  });

  it("take node-exporter into the pods' network where nodes are not reached, and its own traffic for nobody's", () => {
    const exporter = "prometheus-node-exporter";
    assert.equal(valueAt(monitoringValues(settings), `${exporter}.hostNetwork`), undefined);
    const values = monitoringValues({ ...settings, exporterNetwork: "pods" });
    assert.equal(valueAt(values, `${exporter}.hostNetwork`), false);
    const monitor = valueAt(values, `${exporter}.prometheus.monitor`) as Record<
      "metricRelabelings" | "relabelings",
      Record<string, unknown>[]
    >;
    assert.equal(monitor.relabelings[0]?.targetLabel, "instance");
    const dropped = new RegExp(`^${String(monitor.metricRelabelings[0]?.regex)}$`);
    for (const name of [
      "node_network_receive_bytes_total",
      "node_netstat_Tcp_CurrEstab",
      "node_sockstat_TCP_inuse",
    ])
      assert.match(name, dropped);
    for (const name of [
      "node_cpu_seconds_total",
      "node_filesystem_avail_bytes",
      "node_memory_MemAvailable_bytes",
    ])
      assert.doesNotMatch(name, dropped);
  });

  it("are those of the nodes that cannot be reached otherwise: in several places with a mesh of pods", async () => {
    const pools = (region: string) => [
      { name: "master", cloud: "hetzner", region: "nbg1", type: "cpx42", role: "control-plane" },
      { name: "worker", cloud: "hetzner", region, type: "cpx42", ingress: true },
    ];
    const isOnNodes = async (region: string) => {
      const { resources } = await runProgram("dev5", {
        "uap:domain": "example.org",
        "uap:cluster": { kind: "k3s", network: "wireguard" },
        "uap:pools": pools(region),
        "uap:acme": { issuer: "self-signed" },
        "uap:access": { operatorCidrs: ["203.0.113.7/32"] },
        "uap:platform": { preset: "minimal", systems: { monitoring: true } },
      });
      const chart = resources.find(
        ({ name, type }) => type === "kubernetes:helm.sh/v4:Chart" && name === "kube-prometheus-stack",
      );
      return valueAt(chart?.inputs.values, "prometheus-node-exporter.hostNetwork") !== false;
    };
    // Nuremberg and Falkenstein share a private network, Nuremberg and Singapore do not.
    assert.deepEqual([await isOnNodes("fsn1"), await isOnNodes("sin")], [true, false]);
  });

  it("leave the route of alerts to a Secret", () => {
    const spec = valueAt(monitoringValues(settings), "alertmanager.alertmanagerSpec");
    assert.equal(valueAt(spec, "useExistingSecret"), true);
    assert.equal(valueAt(spec, "configSecret"), "alertmanager-configuration");
  });

  it("take Grafana's administrator from a Secret, and hold no password", () => {
    const values = monitoringValues(settings);
    assert.deepEqual(valueAt(values, "grafana.admin"), {
      existingSecret: "grafana-administrator",
      userKey: "admin-user",
      passwordKey: "admin-password",
    });
    assert.equal(valueAt(values, "grafana.adminPassword"), undefined);
  });

  it("tell Grafana its address only where it has one", () => {
    const address = "grafana.env.GF_SERVER_ROOT_URL";
    assert.equal(valueAt(monitoringValues(settings), address), "https://grafana.dev1.example.org");
    assert.equal(valueAt(monitoringValues({ ...settings, host: undefined }), address), undefined);
  });

  it("leave room on Prometheus' volume for what is being written", () => {
    assert.equal(retentionSize("10Gi"), "8704MiB");
  });

  it("protect what is replicated from being drained at once", () => {
    const large = monitoringValues({ ...settings, options: { ...settings.options, size: "large" } });
    assert.equal(valueAt(large, "prometheus.podDisruptionBudget.enabled"), true);
    assert.equal(valueAt(large, "alertmanager.podDisruptionBudget.minAvailable"), 2);
    assert.equal(valueAt(monitoringValues(settings), "prometheus.podDisruptionBudget"), undefined);
  });
});

describe("what monitoring asks of the cluster", () => {
  it("counts what the operator makes, and the volumes", () => {
    const { workloads } = rendered("kube-prometheus-stack", monitoringRendering("large"));
    const made = workloads.filter(({ kind }) => kind === "StatefulSet");
    assert.deepEqual(
      made.map(({ name, replicas }) => [name, replicas]),
      [
        ["prometheus-kube-prometheus-stack-prometheus", 2],
        ["alertmanager-kube-prometheus-stack-alertmanager", 3],
      ],
    );
    assert.equal(monitoringBudget("small", "10Gi").storage, "12Gi");
    assert.equal(monitoringBudget("large", "10Gi").storage, "24Gi");
  });

  it("fits a small node by default", () => {
    assert.deepEqual(monitoringBudget("small", "10Gi"), {
      cpu: "230m",
      memory: "1072Mi",
      storage: "12Gi",
      perNode: { cpu: "10m", memory: "24Mi" },
    });
  });
});
