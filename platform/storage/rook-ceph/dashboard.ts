import type { Dashboard } from "../../kit/dashboard.ts";

/** What operators look at first. */
export const cephDashboard: Dashboard = {
  title: "Ceph",
  panels: [
    {
      title: "Health (0 OK, 1 warning, 2 error)",
      unit: "short",
      queries: { health: "max(ceph_health_status)" },
    },
    {
      title: "Disk space",
      unit: "bytes",
      queries: {
        used: "max(ceph_cluster_total_used_bytes)",
        capacity: "max(ceph_cluster_total_bytes)",
      },
    },
    {
      title: "OSDs",
      unit: "short",
      queries: { up: "sum(ceph_osd_up)", in: "sum(ceph_osd_in)" },
    },
    {
      title: "Throughput",
      unit: "Bps",
      queries: {
        read: "sum(rate(ceph_pool_rd_bytes[5m]))",
        write: "sum(rate(ceph_pool_wr_bytes[5m]))",
      },
    },
  ],
};
