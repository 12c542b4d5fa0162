import type { Dashboard } from "../kit/dashboard.ts";

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
      queries: { "{{volume}}": "longhorn_volume_robustness >= 2" },
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
