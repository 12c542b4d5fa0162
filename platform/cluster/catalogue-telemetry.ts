import { systemOptions } from "../../config/systems.ts";
import { built, type CatalogueRows } from "../catalogue-row.ts";
import { chartBudget } from "../charts/rendering.ts";
import { curlImage } from "../kit/curl.ts";
import { fluentBitRendering } from "./fluent-bit/values.ts";
import { influxdbResources } from "./influxdb/container.ts";
import { influxdbOptions } from "./influxdb/options.ts";
import { jaegerOptions } from "./jaeger/options.ts";
import { jaegerBudget } from "./jaeger/values.ts";
import { monitoringOptions } from "./monitoring/options.ts";
import { monitoringBudget } from "./monitoring/rendering.ts";
import { telegrafRendering } from "./telegraf/values.ts";
import { zabbixOptions } from "./zabbix/options.ts";
import { zabbixBudget } from "./zabbix/rendering.ts";

/** The systems that tell how the others do: measurements, logs and traces. */
export const telemetryRows = {
  monitoring: built({
    layer: "cluster",
    title: "Prometheus, Alertmanager and Grafana",
    purpose: "metrics of nodes, cluster and systems, with dashboards and alerts",
    form: "chart",
    charts: ["kube-prometheus-stack"],
    licence: "Apache-2.0 AND AGPL-3.0-only",
    namespace: "monitoring",
    // node-exporter looks at its node from outside of any container.
    podSecurity: "privileged",
    service: "grafana",
    claimsDefault: true,
    needs: ["namespaces"],
    options: monitoringOptions,
    budget: ({ size, storage }) => monitoringBudget(size, storage),
  }),
  telegraf: built({
    layer: "cluster",
    title: "Telegraf",
    purpose: "collects metrics of nodes, pods and workloads for InfluxDB",
    form: "chart",
    charts: ["telegraf"],
    licence: "MIT",
    namespace: "telegraf",
    needs: ["namespaces", "influxdb"],
    options: systemOptions({}),
    budget: () => chartBudget("telegraf", telegrafRendering),
  }),
  influxdb: built({
    layer: "cluster",
    title: "InfluxDB",
    purpose: "time series database",
    form: "native",
    licence: "MIT",
    namespace: "influxdb",
    service: "influxdb",
    claimsDefault: true,
    needs: ["namespaces"],
    images: { influxdb: "docker.io/library/influxdb:2.7.12-alpine" },
    options: influxdbOptions,
    budget: ({ size, storage }) => ({ ...influxdbResources[size].requests, storage }),
  }),
  zabbix: built({
    layer: "cluster",
    title: "Zabbix",
    purpose: "monitors nodes and other machines, with alerts",
    form: "chart",
    charts: ["zabbix"],
    licence: "AGPL-3.0-only",
    namespace: "zabbix",
    // Agents look at their nodes from outside of any container.
    podSecurity: "privileged",
    service: "zabbix",
    claimsDefault: true,
    needs: ["namespaces"],
    images: { curl: curlImage },
    options: zabbixOptions,
    budget: ({ size, storage }) => zabbixBudget(size, storage),
  }),
  "fluent-bit": built({
    layer: "cluster",
    title: "Fluent Bit",
    purpose: "collects the logs of every container and ships them to Elasticsearch, where that is on",
    form: "chart",
    charts: ["fluent-bit"],
    licence: "Apache-2.0",
    namespace: "logging",
    // Logs lie in a folder of the node.
    podSecurity: "privileged",
    needs: ["namespaces"],
    options: systemOptions({}),
    budget: () => chartBudget("fluent-bit", fluentBitRendering),
  }),
  jaeger: built({
    layer: "cluster",
    title: "Jaeger",
    purpose: "distributed tracing: follows a request across services",
    form: "chart",
    charts: ["jaeger"],
    licence: "Apache-2.0",
    namespace: "observability",
    service: "jaeger",
    claimsDefault: true,
    needs: ["namespaces"],
    options: jaegerOptions,
    budget: ({ storage }) => jaegerBudget(storage),
  }),
} as const satisfies CatalogueRows;
