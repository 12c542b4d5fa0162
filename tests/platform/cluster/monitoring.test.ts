import assert from "node:assert/strict";
import { sizes } from "../../../config/systems.ts";
import { monitoringBudget, monitoringRendering } from "../../../platform/cluster/monitoring/rendering.ts";
import { monitoringValues, retentionSize } from "../../../platform/cluster/monitoring/values.ts";
import { rendered } from "../../../platform/charts/rendering.ts";
import { assertChartValues, valueAt } from "../charts/chart-values.ts";
import { needsFacts } from "../charts/facts.ts";

const settings = {
  options: { retention: "7d", storage: "10Gi", size: "small" },
  namespace: "monitoring",
  host: "grafana.dev1.example.org",
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
