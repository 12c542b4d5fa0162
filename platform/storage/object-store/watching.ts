import type * as pulumi from "@pulumi/pulumi";
import { alertRules } from "../../kit/alert-rules.ts";
import { dashboard } from "../../kit/dashboard.ts";
import { podMonitor, type MonitorArgs } from "../../kit/metrics.ts";
import type { ObjectMetadata } from "../../kit/system.ts";
import { objectStoreAlerts, objectStoreDashboard } from "./metrics.ts";
import type { ObjectStoreOptions } from "./options.ts";
import { seaweedfsPorts } from "./values.ts";

interface WatchArgs {
  readonly monitoring: MonitorArgs["monitoring"];
  readonly metadata: ObjectMetadata;
  readonly options: ObjectStoreOptions;
}

/** Has Prometheus ask every part of the store, Grafana show what it learns, and Alertmanager tell people. */
export function watchObjectStore(
  name: string,
  { metadata, monitoring, options }: WatchArgs,
  { parent }: { readonly parent: pulumi.Resource },
): void {
  const port = { name: "metrics", number: seaweedfsPorts.metrics };
  podMonitor(name, { monitoring, metadata, selector: {}, port }, { parent });
  dashboard(name, { monitoring, metadata, dashboard: objectStoreDashboard }, { parent });
  alertRules(name, { monitoring, metadata, alerts: objectStoreAlerts(options) }, { parent });
}
