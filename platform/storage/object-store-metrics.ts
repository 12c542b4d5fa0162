import type { Dashboard } from "../kit/dashboard.ts";

/** Grafana's page of the object store. */
export const objectStoreDashboard: Dashboard = {
  title: "Object store",
  panels: [
    {
      title: "Requests",
      unit: "reqps",
      queries: { "{{type}} {{code}}": "sum by (type, code) (rate(SeaweedFS_s3_request_total[5m]))" },
    },
    {
      title: "Time of a request (95 %)",
      unit: "s",
      queries: {
        "{{type}}":
          "histogram_quantile(0.95, sum by (type, le) (rate(SeaweedFS_s3_request_seconds_bucket[5m])))",
      },
    },
    {
      title: "Traffic of each bucket",
      unit: "Bps",
      queries: {
        "into {{bucket}}": "sum by (bucket) (rate(SeaweedFS_s3_bucket_traffic_received_bytes_total[5m]))",
        "out of {{bucket}}": "sum by (bucket) (rate(SeaweedFS_s3_bucket_traffic_sent_bytes_total[5m]))",
      },
    },
    {
      title: "Size of each bucket",
      unit: "bytes",
      queries: { "{{bucket}}": "max by (bucket) (SeaweedFS_s3_bucket_size_bytes)" },
    },
    {
      title: "Space of the storage servers",
      unit: "bytes",
      queries: { "{{pod}} {{type}}": "sum by (pod, type) (SeaweedFS_volumeServer_resource)" },
    },
  ],
};
