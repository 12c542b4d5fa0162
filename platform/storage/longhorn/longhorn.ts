import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { alertRules } from "../../kit/alert-rules.ts";
import { fromApiServer, toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { dashboard } from "../../kit/dashboard.ts";
import { serviceMonitor } from "../../kit/metrics.ts";
import { portOf } from "../../kit/port-of.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { imageOf } from "../../charts/lock.ts";
import { innerTraffic } from "../inner-traffic.ts";
import { backupCredentials, backupTargetUrl, type BackupTarget } from "./backup-target.ts";
import { longhornAlerts, longhornDashboard } from "./dashboard.ts";
import type { LonghornOptions } from "./options.ts";
import { recurringJobs, type RecurringJobSpec } from "./recurring-jobs.ts";
import { longhornRendering } from "./rendering.ts";
import {
  longhornParameters,
  longhornValues,
  type BackupStoreValues,
  type LonghornSettings,
} from "./values.ts";
import { labelsOfPods, publishedPage, type PageSettings } from "../page.ts";
import { createStorageClass } from "../storage-class.ts";

export interface LonghornArgs {
  readonly place: ChartPlace;
  readonly settings: LonghornSettings;
  /** How many snapshots and backups are kept of each volume. */
  readonly kept: Pick<LonghornOptions, "backups" | "snapshots">;
  /** Where backups go; undefined where `uap:backup.s3` is not set: then there are none. */
  readonly backupTarget: BackupTarget | undefined;
  readonly page: PageSettings;
  /** Whether the class may not be deleted. It may not without `teardown` either. */
  readonly isProtected: boolean;
  /** The system `monitoring`; undefined where it is off. */
  readonly monitoring: Pick<ChartSystem, "charts" | "namespace"> | undefined;
}

/** The pods' ports, by the chart; `sharedVolumes` is NFS, from which nodes mount volumes for many pods. */
const ports = { manager: 9500, webhook: 9502, page: 8000, sharedVolumes: 2049 } as const;

/**
 * Longhorn: volumes on the nodes' own disks, each with copies on other nodes, and its page. Nodes need `open-iscsi`, and an NFS client for
 * shared volumes.
 */
export class Longhorn extends ChartSystem {
  /** Name of the storage class. */
  readonly storageClass: pulumi.Output<string>;
  /** Address of the page; undefined on a cluster without ingress. */
  readonly url: pulumi.Output<string> | undefined;

  constructor(args: LonghornArgs) {
    super({ name: "longhorn", layer: "storage" }, args.place);
    const { settings } = args;
    this.install("longhorn", {
      values: longhornValues(settings, this.#backupStore(args)),
      rendering: longhornRendering(settings.size),
    });
    this.#openEdges(args);
    // The teardown takes them away with the volumes.
    if (!settings.teardown) this.#saveVolumes(args);
    this.storageClass = this.#createClass(args);
    this.url = this.#publish(args);
    if (args.monitoring) this.#monitor(args.monitoring);
    if (settings.teardown && args.place.charts.source !== "facts") this.#uninstall();
    this.registerOutputs();
  }

  /** Managers look after the backups, and instance managers make them. */
  #openEdges({ backupTarget }: LonghornArgs): void {
    this.openEdges({
      from: [fromApiServer(ports.webhook)],
      to: [
        ...toApiServer,
        ...(backupTarget
          ? [{ peer: { kind: "world" } as const, port: portOf(backupTarget.store.endpoint) }]
          : []),
      ],
    });
    innerTraffic(
      "longhorn-inside",
      {
        metadata: this.metadata("longhorn-inside"),
        fromNodes: [{ first: ports.sharedVolumes, last: ports.sharedVolumes }],
      },
      { parent: this },
    );
  }

  #backupStore({ backupTarget }: LonghornArgs): BackupStoreValues | undefined {
    if (!backupTarget) return undefined;
    const name = "longhorn-backup";
    const secret = secretObject(name, this.metadata(name), backupCredentials(backupTarget), { parent: this });
    return { url: backupTargetUrl(backupTarget), secretName: secret.metadata.name };
  }

  #saveVolumes({ backupTarget, kept }: LonghornArgs): void {
    for (const spec of recurringJobs(kept, backupTarget !== undefined)) {
      this.customResource<RecurringJobSpec>(`longhorn-${spec.name}`, {
        kind: "longhorn.io/v1beta2/RecurringJob",
        name: spec.name,
        spec,
      });
    }
  }

  #createClass({ isProtected, place, settings: { teardown } }: LonghornArgs): pulumi.Output<string> {
    const wouldHang = !teardown && place.charts.source !== "facts";
    return createStorageClass(
      {
        name: "longhorn",
        labels: this.labels(),
        provisioner: "driver.longhorn.io",
        parameters: longhornParameters,
        // Without the teardown, its own objects would hold up a destroy for ever: no plan gets that far.
        isProtected: isProtected || wouldHang,
      },
      { parent: this, dependsOn: this.charts },
    );
  }

  #publish({ page, place }: LonghornArgs): pulumi.Output<string> | undefined {
    const { ingress } = page;
    if (!ingress) return undefined;
    return publishedPage(
      "longhorn-page",
      {
        settings: { ...page, ingress },
        metadata: this.metadata("longhorn-page"),
        port: ports.page,
        pods: labelsOfPods(place, "longhorn", "longhorn-ui", { app: "longhorn-ui" }),
      },
      { parent: this, dependsOn: this.charts },
    );
  }

  #monitor(monitoring: NonNullable<LonghornArgs["monitoring"]>): void {
    serviceMonitor(
      "longhorn",
      {
        monitoring,
        metadata: this.metadata("longhorn"),
        selector: { app: "longhorn-manager" },
        port: { name: "manager", number: ports.manager },
      },
      { parent: this },
    );
    dashboard(
      "longhorn",
      { monitoring, metadata: this.metadata("longhorn"), dashboard: longhornDashboard },
      { parent: this },
    );
    alertRules(
      "longhorn",
      { monitoring, metadata: this.metadata("longhorn"), alerts: longhornAlerts },
      { parent: this },
    );
  }

  /** What the chart does in a hook before it goes, which only Helm itself would run. The account is the chart's. */
  #uninstall(): void {
    const name = "longhorn-teardown";
    new kubernetes.batch.v1.Job(
      name,
      {
        metadata: this.metadata(name),
        spec: {
          backoffLimit: 1,
          activeDeadlineSeconds: 900,
          template: {
            metadata: { labels: this.labels(name) },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: "longhorn-service-account",
              containers: [
                {
                  name: "uninstall",
                  image: imageOf("longhorn", "longhorn-manager"),
                  command: ["longhorn-manager", "uninstall", "--force"],
                  env: [
                    {
                      name: "LONGHORN_NAMESPACE",
                      valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } },
                    },
                  ],
                  resources: {
                    requests: { cpu: "50m", memory: "64Mi" },
                    limits: { cpu: "500m", memory: "256Mi" },
                  },
                },
              ],
            },
          },
        },
      },
      { parent: this, dependsOn: [...this.charts], customTimeouts: { create: "20m" } },
    );
  }
}
