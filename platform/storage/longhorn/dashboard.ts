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
        "{{node}} capacity": "sum by (node) (longhorn_node_storage_capacity_bytes)",
      },
    },
    {
      title: "Degraded or faulted volumes",
      unit: "short",
      queries: { "{{volume}}": 'longhorn_volume_robustness{state=~"degraded|faulted"} == 1' },
    },
    {
      title: "Volume throughput",
      unit: "Bps",
      queries: {
        "{{volume}} read": "longhorn_volume_read_throughput",
        "{{volume}} write": "longhorn_volume_write_throughput",
      },
    },
    {
      title: "Volume size on disk",
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
    summary: "The volume {{ $labels.volume }} is faulted: none of its replicas can be read.",
  },
  {
    name: "LonghornVolumeDegraded",
    expression: 'longhorn_volume_robustness{state="degraded"} == 1',
    for: "1h",
    severity: "warning",
    summary:
      "The volume {{ $labels.volume }} has been degraded for an hour: it has fewer replicas than it should.",
  },
  {
    name: "LonghornBackupFailed",
    // 4 is an error, of the numbers that Longhorn gives the states of a backup.
    expression: "longhorn_backup_state == 4",
    severity: "critical",
    summary: "A backup of the volume {{ $labels.volume }} failed: Longhorn's page says why, under Backups.",
  },
  {
    name: "LonghornDiskNearlyFull",
    expression: "longhorn_disk_usage_bytes / longhorn_disk_capacity_bytes > 0.75",
    for: "15m",
    severity: "warning",
    summary: "The disk {{ $labels.disk }} of {{ $labels.node }} is more than 75 % full.",
  },
];
