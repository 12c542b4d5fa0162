import type { Alert } from "../../kit/alert-rules.ts";
import type { Dashboard } from "../../kit/dashboard.ts";

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

/** What people must hear of before objects can no longer be written. */
export const objectStoreAlerts: readonly Alert[] = [
  {
    name: "ObjectStoreNearlyFull",
    expression:
      'sum by (pod) (SeaweedFS_volumeServer_resource{type="avail"}) / sum by (pod) (SeaweedFS_volumeServer_resource{type="all"}) < 0.15',
    for: "15m",
    severity: "warning",
    summary: "The disk of {{ $labels.pod }} is full to more than 85 %.",
  },
  {
    name: "ObjectStoreFails",
    expression: 'sum(rate(SeaweedFS_s3_request_total{code=~"5.."}[5m])) > 0.1',
    for: "15m",
    severity: "critical",
    summary: "The object store's gateways answer requests with errors of their own.",
  },
];
