import { toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { alertRules } from "../../kit/alert-rules.ts";
import { dashboard, type Dashboard } from "../../kit/dashboard.ts";
import { serviceMonitor } from "../../kit/metrics.ts";
import { portOf } from "../../kit/port-of.ts";
import { secretObject } from "../../kit/secret-object.ts";
import type { VeleroOptions } from "./options.ts";
import { backupAlerts } from "./alerts.ts";
import { veleroRendering } from "./rendering.ts";
import {
  credentialsFile,
  scheduleSpec,
  veleroValues,
  type ScheduleSpec,
  type VeleroSettings,
} from "./values.ts";

export interface VeleroArgs extends VeleroSettings {
  readonly place: ChartPlace;
}

/** Velero: saves the cluster's objects and the contents of volumes to an S3 service, on a schedule, and brings them back. */
export class Velero extends ChartSystem {
  readonly #schedules: VeleroOptions["schedules"];

  constructor(args: VeleroArgs) {
    super({ name: "velero", layer: "cluster" }, args.place);
    const { options, store } = args;
    this.#schedules = options.schedules;
    const credentials = secretObject(
      "velero-credentials",
      this.metadata("velero-credentials"),
      { cloud: credentialsFile(store) },
      { parent: this },
    );
    this.install("velero", {
      values: veleroValues({ ...args, credentials: credentials.metadata.name }),
      rendering: veleroRendering(options.volumes),
    });
    this.openEdges({
      from: [],
      to: [...toApiServer, { peer: { kind: "world" }, port: portOf(store.endpoint) }],
    });
    for (const schedule of options.schedules) {
      this.customResource<ScheduleSpec>(`velero-${schedule.name}`, {
        kind: "velero.io/v1/Schedule",
        name: schedule.name,
        spec: scheduleSpec(schedule, options.volumes),
      });
    }
    this.registerOutputs();
  }

  /** Has Prometheus ask the server. */
  watchBy(monitoring: ChartSystem): void {
    const metadata = this.metadata("velero");
    const port = { name: "http-monitoring", number: 8085 };
    const selector = { "app.kubernetes.io/name": "velero" };
    serviceMonitor("velero", { monitoring, metadata, selector, port }, { parent: this });
    dashboard("velero", { monitoring, metadata, dashboard: backups }, { parent: this });
    alertRules("velero", { monitoring, metadata, alerts: backupAlerts(this.#schedules) }, { parent: this });
  }
}

const backups: Dashboard = {
  title: "Backups",
  panels: [
    {
      title: "Time since the last successful backup",
      unit: "s",
      queries: {
        "{{schedule}}": 'time() - max by (schedule) (velero_backup_last_successful_timestamp{schedule!=""})',
      },
    },
    {
      title: "Failed backups per day",
      unit: "short",
      queries: { "{{schedule}}": "sum by (schedule) (increase(velero_backup_failure_total[1d]))" },
    },
  ],
};
