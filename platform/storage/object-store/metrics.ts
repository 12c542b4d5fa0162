import type { Alert } from "../../kit/alert-rules.ts";
import type { Dashboard } from "../../kit/dashboard.ts";
import { copyCheckName } from "./copy-check.ts";
import type { ObjectStoreOptions } from "./options.ts";

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
      title: "Request duration (p95)",
      unit: "s",
      queries: {
        "{{type}}":
          "histogram_quantile(0.95, sum by (type, le) (rate(SeaweedFS_s3_request_seconds_bucket[5m])))",
      },
    },
    {
      title: "Bucket traffic",
      unit: "Bps",
      queries: {
        "{{bucket}} received": "sum by (bucket) (rate(SeaweedFS_s3_bucket_traffic_received_bytes_total[5m]))",
        "{{bucket}} sent": "sum by (bucket) (rate(SeaweedFS_s3_bucket_traffic_sent_bytes_total[5m]))",
      },
    },
    {
      title: "Bucket size",
      unit: "bytes",
      queries: { "{{bucket}}": "max by (bucket) (SeaweedFS_s3_bucket_size_bytes)" },
    },
    {
      title: "Disk space of the volume servers",
      unit: "bytes",
      queries: { "{{pod}} {{type}}": "sum by (pod, type) (SeaweedFS_volumeServer_resource)" },
    },
  ],
};

/** What people must hear of before objects can no longer be written, or while they are not copied as they should be. */
export function objectStoreAlerts({ copy }: Pick<ObjectStoreOptions, "copy">): readonly Alert[] {
  return copy === "none" ? storeAlerts : [...storeAlerts, copyAlert];
}

const copyAlert: Alert = {
  name: "ObjectStoreCopyStopped",
  // Of every Job there is: one that has failed goes when the next one has ended, and its name is of no use.
  expression: `max(kube_job_status_failed{job_name=~"${copyCheckName}-.+"}) > 0`,
  severity: "critical",
  summary:
    "What is written to the object store does not arrive at the S3 service that it is copied to: the log of the Deployment object-store-copy says why.",
};

const storeAlerts: readonly Alert[] = [
  {
    name: "ObjectStoreNearlyFull",
    expression:
      'sum by (pod) (SeaweedFS_volumeServer_resource{type="avail"}) / sum by (pod) (SeaweedFS_volumeServer_resource{type="all"}) < 0.15',
    for: "15m",
    severity: "warning",
    summary: "The disk of {{ $labels.pod }} is more than 85 % full.",
  },
  {
    name: "ObjectStoreErrors",
    expression: 'sum(rate(SeaweedFS_s3_request_total{code=~"5.."}[5m])) > 0.1',
    for: "15m",
    severity: "critical",
    summary: "The object store answers requests with server errors (HTTP 5xx).",
  },
];
