import { systemOptions } from "../../config/systems.ts";
import { built, type CatalogueRows } from "../catalogue-row.ts";
import { chartBudget } from "../charts/rendering.ts";
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
    purpose: "measures the nodes, the cluster and the systems, shows it, and says when something is wrong",
    form: "chart",
    charts: ["kube-prometheus-stack"],
    licence: "Apache-2.0 AND AGPL-3.0-only",
    namespace: "monitoring",
    // node-exporter looks at its node from outside of any container.
    podSecurity: "privileged",
    service: "grafana",
    needs: ["namespaces"],
    conflicts: [],
    images: {},
    options: monitoringOptions,
    budget: ({ size, storage }) => monitoringBudget(size, storage),
  }),
  telegraf: built({
    layer: "cluster",
    title: "Telegraf",
    purpose: "measures nodes, pods and workloads for InfluxDB",
    form: "chart",
    charts: ["telegraf"],
    licence: "MIT",
    namespace: "telegraf",
    needs: ["namespaces", "influxdb"],
    conflicts: [],
    images: {},
    options: systemOptions({}),
    budget: () => chartBudget("telegraf", telegrafRendering),
  }),
  influxdb: built({
    layer: "cluster",
    title: "InfluxDB",
    purpose: "keeps measurements over time",
    form: "native",
    licence: "MIT",
    namespace: "influxdb",
    service: "influxdb",
    needs: ["namespaces"],
    conflicts: [],
    images: { influxdb: "docker.io/library/influxdb:2.7.12-alpine" },
    options: influxdbOptions,
    budget: ({ size, storage }) => ({ ...influxdbResources[size].requests, storage }),
  }),
  zabbix: built({
    layer: "cluster",
    title: "Zabbix",
    purpose: "watches nodes and other machines, and says when something is wrong",
    form: "chart",
    charts: ["zabbix"],
    licence: "AGPL-3.0-only",
    namespace: "zabbix",
    // Agents look at their nodes from outside of any container.
    podSecurity: "privileged",
    service: "zabbix",
    needs: ["namespaces"],
    conflicts: [],
    images: { curl: "docker.io/curlimages/curl:8.11.1" },
    options: zabbixOptions,
    budget: ({ size, storage }) => zabbixBudget(size, storage),
  }),
  "fluent-bit": built({
    layer: "cluster",
    title: "Fluent Bit",
    purpose: "reads the logs of every container and sends them to Elasticsearch where that is on",
    form: "chart",
    charts: ["fluent-bit"],
    licence: "Apache-2.0",
    namespace: "logging",
    // Logs lie in a folder of the node.
    podSecurity: "privileged",
    needs: ["namespaces"],
    conflicts: [],
    images: {},
    options: systemOptions({}),
    budget: () => chartBudget("fluent-bit", fluentBitRendering),
  }),
  jaeger: built({
    layer: "cluster",
    title: "Jaeger",
    purpose: "follows requests through the programs that serve them",
    form: "chart",
    charts: ["jaeger"],
    licence: "Apache-2.0",
    namespace: "observability",
    service: "jaeger",
    needs: ["namespaces"],
    conflicts: [],
    images: {},
    options: jaegerOptions,
    budget: ({ storage }) => jaegerBudget(storage),
  }),
} as const satisfies CatalogueRows;
