import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartSystem } from "./chart-system.ts";
import { monitoringAccess } from "./monitoring-access.ts";
import { secretObject } from "./secret-object.ts";
import type { ObjectMetadata } from "./system.ts";

/** How Grafana writes the values of a panel; the names are Grafana's. */
export type PanelUnit = "short" | "ops" | "reqps" | "s" | "bytes" | "Bps" | "percentunit";

/** A picture of one or more queries over time. */
export interface Panel {
  readonly title: string;
  readonly unit: PanelUnit;
  /** PromQL by legend; `{{label}}` in a legend stands for the label's value. */
  readonly queries: Readonly<Record<string, string>>;
}

/** A page of Grafana. */
export interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface DashboardArgs {
  /** The system `monitoring`: its Grafana shows the dashboard. */
  readonly monitoring: Pick<ChartSystem, "namespace">;
  /** The name must be the only one of its kind on the platform: the object lies in Grafana's namespace. */
  readonly metadata: Omit<ObjectMetadata, "namespace">;
  readonly dashboard: Dashboard;
}

export interface DatasourceArgs {
  /** The system `monitoring`: its Grafana asks. */
  readonly monitoring: Pick<ChartSystem, "namespace">;
  /** Metadata of the source. */
  readonly metadata: ObjectMetadata;
  /** Port of the source's pods. */
  readonly port: number;
  readonly datasource: pulumi.Output<Datasource>;
}

/** Shows a dashboard in Grafana: a ConfigMap with the label that Grafana's sidecar looks for. */
export function dashboard(
  name: string,
  { dashboard, metadata, monitoring }: DashboardArgs,
  options: { readonly parent: pulumi.Resource },
): kubernetes.core.v1.ConfigMap {
  const labels = { ...metadata.labels, grafana_dashboard: "1" };
  return new kubernetes.core.v1.ConfigMap(
    `${name}-dashboard`,
    {
      metadata: { name: `${metadata.name}-dashboard`, namespace: monitoring.namespace, labels },
      data: { [`${metadata.name}.json`]: dashboardText(metadata.name, dashboard) },
    },
    options,
  );
}

/** A source that Grafana asks, as its provisioning files describe it. */
export interface Datasource {
  readonly name: string;
  readonly type: "influxdb" | "jaeger" | "elasticsearch";
  readonly url: string;
  readonly jsonData?: Readonly<Record<string, string | number | boolean>>;
  /** What Grafana must send and keeps to itself. */
  readonly secureJsonData?: Readonly<Record<string, string>>;
}

/**
 * Lets Grafana ask a source: a Secret with the label that Grafana's sidecar looks for, and the way to the source's pods.
 *
 * @param args `metadata` is the source's, `port` the one of its pods
 */
export function datasource(
  name: string,
  args: DatasourceArgs,
  options: { readonly parent: pulumi.Resource },
): kubernetes.core.v1.Secret {
  const { datasource, metadata, monitoring, port } = args;
  monitoringAccess(name, { monitoring, visitor: "grafana", metadata, pods: {}, port }, options);
  const labels = { ...metadata.labels, grafana_datasource: "1" };
  return secretObject(
    `${name}-datasource`,
    { name: `${metadata.name}-datasource`, namespace: monitoring.namespace, labels },
    datasource.apply((source) => ({ [`${metadata.name}.yaml`]: datasourceText(source) })),
    options,
  );
}

/** Columns of a dashboard's grid, and the size of a panel on it. */
const grid = { columns: 24, width: 12, height: 8 };

/** A dashboard as Grafana reads it: two panels side by side. @param identifier part of its address */
export function dashboardText(identifier: string, { panels, title }: Dashboard): string {
  const perRow = grid.columns / grid.width;
  const document = {
    uid: `uap-${identifier}`,
    title,
    tags: ["uap"],
    timezone: "browser",
    editable: false,
    schemaVersion: 39,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    panels: panels.map((panel, index) => ({
      id: index + 1,
      type: "timeseries",
      title: panel.title,
      datasource: { type: "prometheus", uid: "prometheus" },
      gridPos: {
        x: (index % perRow) * grid.width,
        y: Math.floor(index / perRow) * grid.height,
        w: grid.width,
        h: grid.height,
      },
      fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
      targets: Object.entries(panel.queries).map(([legendFormat, expr], query) => ({
        refId: String.fromCharCode("A".charCodeAt(0) + query),
        expr,
        legendFormat,
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A provisioning file of one source. JSON is YAML. */
export function datasourceText(source: Datasource): string {
  return `${JSON.stringify({ apiVersion: 1, datasources: [{ ...source, access: "proxy", editable: false }] }, null, 2)}\n`;
}
