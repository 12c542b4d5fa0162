import type * as pulumi from "@pulumi/pulumi";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { dashboard } from "../../kit/dashboard.ts";
import { serviceMonitor, type MonitorArgs } from "../../kit/metrics.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { cephDashboard } from "./dashboard.ts";

/** The Services with metrics, and the ports of their pods: the managers' metrics, and those of the exporter on each node. */
const services = {
  "rook-ceph-mgr": { name: "http-metrics", number: 9283 },
  "rook-ceph-exporter": { name: "ceph-exporter-http-metrics", number: 9926 },
} as const;

/** What people must hear of before data are in danger. The names of metrics are those of Ceph's managers. */
export const cephAlerts: readonly Alert[] = [
  {
    name: "CephHealthError",
    expression: "max(ceph_health_status) == 2",
    for: "5m",
    severity: "critical",
    summary: "Ceph reports HEALTH_ERR: volumes may be unavailable.",
  },
  {
    name: "CephHealthWarning",
    expression: "max(ceph_health_status) == 1",
    for: "1h",
    severity: "warning",
    summary: "Ceph has reported HEALTH_WARN for an hour: its dashboard says why.",
  },
  {
    name: "CephOsdDown",
    expression: "ceph_osd_up == 0",
    for: "15m",
    severity: "critical",
    summary: "{{ $labels.ceph_daemon }} is down: its data has one replica fewer.",
  },
  {
    name: "CephNearlyFull",
    expression: "max(ceph_cluster_total_used_bytes) / max(ceph_cluster_total_bytes) > 0.7",
    for: "15m",
    severity: "warning",
    summary: "Ceph is more than 70 % full; at 95 % it refuses writes.",
  },
  {
    name: "CephManagerAbsent",
    expression: "absent(ceph_health_status)",
    for: "15m",
    severity: "critical",
    summary: "No Ceph manager reports metrics.",
  },
];

/** Has Prometheus ask Ceph and judge its answers, and Grafana show them. @param metadata of an object of the system, by its name */
export function watchCeph(
  monitoring: MonitorArgs["monitoring"],
  metadata: (name: string) => ObjectMetadata,
  options: { readonly parent: pulumi.Resource },
): void {
  for (const [service, port] of Object.entries(services)) {
    const args = { monitoring, metadata: metadata(service), selector: { app: service }, port };
    serviceMonitor(service, args, options);
  }
  dashboard("ceph", { monitoring, metadata: metadata("ceph"), dashboard: cephDashboard }, options);
  alertRules("ceph", { monitoring, metadata: metadata("ceph"), alerts: cephAlerts }, options);
}
