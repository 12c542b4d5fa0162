import type { Alert } from "../../kit/alert-rules.ts";
import type { Dashboard } from "../../kit/dashboard.ts";

/** What operators look at first. */
export const longhornDashboard: Dashboard = {
  title: "Longhorn",
  panels: [
    {
      title: "Disk space",
      unit: "bytes",
      queries: {
        "{{node}} used": "sum by (node) (longhorn_node_storage_usage_bytes)",
        "{{node}} there is": "sum by (node) (longhorn_node_storage_capacity_bytes)",
      },
    },
    {
      title: "Volumes that are degraded or faulted",
      unit: "short",
      queries: { "{{volume}}": 'longhorn_volume_robustness{state=~"degraded|faulted"} == 1' },
    },
    {
      title: "Volumes: read and written",
      unit: "Bps",
      queries: {
        "{{volume}} read": "longhorn_volume_read_throughput",
        "{{volume}} written": "longhorn_volume_write_throughput",
      },
    },
    {
      title: "Volumes: real size",
      unit: "bytes",
      queries: { "{{volume}}": "longhorn_volume_actual_size_bytes" },
    },
  ],
};

/** What people must hear of before data are in danger. */
export const longhornAlerts: readonly Alert[] = [
  {
    name: "LonghornVolumeFaulted",
    expression: 'longhorn_volume_robustness{state="faulted"} == 1',
    for: "5m",
    severity: "critical",
    summary: "No copy of the volume {{ $labels.volume }} can be read.",
  },
  {
    name: "LonghornVolumeDegraded",
    expression: 'longhorn_volume_robustness{state="degraded"} == 1',
    for: "1h",
    severity: "warning",
    summary: "The volume {{ $labels.volume }} has had fewer copies than it should for an hour.",
  },
  {
    name: "LonghornDiskNearlyFull",
    expression: "longhorn_disk_usage_bytes / longhorn_disk_capacity_bytes > 0.75",
    for: "15m",
    severity: "warning",
    summary: "The disk {{ $labels.disk }} of {{ $labels.node }} is full to more than 75 %.",
  },
];
