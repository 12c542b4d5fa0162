import { systemOptions } from "../../config/systems.ts";
import { upgradeController } from "../../infra/bootstrap/upgrade-plans.ts";
import { built, planned, type CatalogueRows } from "../catalogue-row.ts";
import { chartBudget } from "../charts/rendering.ts";
import { certManagerRendering } from "./cert-manager-rendering.ts";
import { ingressOptions } from "./ingress-options.ts";
import { kedaRendering } from "./keda-rendering.ts";
import { needsKiloNetwork } from "./kilo-options.ts";
import { kiloResources } from "./kilo-pods.ts";
import { nvidiaRendering } from "./nvidia-rendering.ts";
import { openbaoOptions } from "./openbao-options.ts";
import { openbaoRendering } from "./openbao-rendering.ts";
import { sealedSecretsRendering } from "./sealed-secrets-rendering.ts";
import { needsOwnNodes } from "./system-upgrade-controller-options.ts";
import { controllerResources } from "./system-upgrade-controller-pods.ts";
import { needsBackupStore, veleroOptions } from "./velero-options.ts";
import { veleroRendering } from "./velero-rendering.ts";
import { fluentBitRendering } from "./fluent-bit-values.ts";
import { influxdbResources } from "./influxdb-container.ts";
import { influxdbOptions } from "./influxdb-options.ts";
import { jaegerOptions } from "./jaeger-options.ts";
import { jaegerBudget } from "./jaeger-values.ts";
import { monitoringOptions } from "./monitoring-options.ts";
import { monitoringBudget } from "./monitoring-rendering.ts";
import { telegrafRendering } from "./telegraf-values.ts";
import { traefikResources } from "./traefik-values.ts";

/** The systems of the cluster layer, in the order in which they are deployed. */
export const clusterRows = {
  namespaces: built({
    layer: "cluster",
    title: "Namespaces",
    purpose:
      "a closed namespace for every group of systems: quota, defaults for containers, nothing reachable unless declared",
    form: "native",
    licence: "Apache-2.0",
    needs: [],
    conflicts: [],
    images: {},
    options: systemOptions({}),
    budget: () => ({ cpu: "0", memory: "0Ki" }),
  }),
  ingress: built({
    layer: "cluster",
    title: "Traefik",
    purpose:
      "leads requests from outside to the systems' pages: k3s' own Traefik, on the nodes that are for ingress",
    form: "native",
    licence: "MIT",
    needs: ["namespaces"],
    conflicts: [],
    images: {},
    options: ingressOptions,
    budget: ({ size }) => ({ cpu: "0", memory: "0Ki", perNode: traefikResources(size).requests }),
  }),
  "cert-manager": built({
    layer: "cluster",
    title: "cert-manager",
    purpose:
      "gets certificates for hosts and renews them, from Let's Encrypt or in the name of the stack's own authority",
    form: "chart",
    charts: ["cert-manager"],
    licence: "Apache-2.0",
    namespace: "cert-manager",
    needs: ["namespaces"],
    conflicts: [],
    images: {},
    options: systemOptions({}),
    budget: ({ size }) => chartBudget("cert-manager", certManagerRendering(size)),
  }),
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
  // Its chart gives the first administrator a password that is the same everywhere, and its database a place without backup: it waits for
  // the system `postgresql`, and for a task that changes the password through the API before anybody else does.
  zabbix: planned("cluster", "Zabbix"),
  kilo: built({
    layer: "cluster",
    title: "Kilo",
    purpose: "makes the pod network of a cluster in several places, with WireGuard from place to place",
    form: "native",
    licence: "Apache-2.0",
    needs: ["namespaces"],
    conflicts: [],
    requires: needsKiloNetwork,
    images: { kilo: "docker.io/squat/kilo:0.7.0" },
    options: systemOptions({}),
    budget: () => ({ cpu: "0", memory: "0Ki", perNode: kiloResources.requests }),
  }),
  "cloud-controller": planned("cluster", "Cloud controller managers"),
  nvidia: built({
    layer: "cluster",
    title: "NVIDIA device plugin",
    purpose: "lets pods ask for the GPUs of the nodes that have some",
    form: "chart",
    charts: ["nvidia-device-plugin"],
    licence: "Apache-2.0",
    namespace: "nvidia-device-plugin",
    // The plugin speaks to its node's kubelet through a folder of the node.
    podSecurity: "privileged",
    needs: ["namespaces"],
    conflicts: [],
    images: {},
    options: systemOptions({}),
    budget: () => chartBudget("nvidia-device-plugin", nvidiaRendering),
  }),
  "sealed-secrets": built({
    layer: "cluster",
    title: "Sealed Secrets",
    purpose: "opens Secrets that lie sealed in a repository, and that nobody else can open",
    form: "chart",
    charts: ["sealed-secrets"],
    licence: "Apache-2.0",
    namespace: "sealed-secrets",
    needs: ["namespaces"],
    conflicts: [],
    images: {},
    options: systemOptions({}),
    budget: () => chartBudget("sealed-secrets", sealedSecretsRendering),
  }),
  openbao: built({
    layer: "cluster",
    title: "OpenBao",
    purpose: "keeps secrets and hands them out by policy",
    form: "chart",
    charts: ["openbao"],
    licence: "MPL-2.0",
    namespace: "openbao",
    needs: ["namespaces"],
    conflicts: [],
    images: { bao: "quay.io/openbao/openbao:2.6.2" },
    options: openbaoOptions,
    budget: ({ size, storage }) => chartBudget("openbao", openbaoRendering(size, storage)),
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
  istio: planned("cluster", "Istio"),
  "system-upgrade-controller": built({
    layer: "cluster",
    title: "system-upgrade-controller",
    purpose: "brings the nodes to the configured release of k3s, one at a time",
    form: "native",
    licence: "Apache-2.0",
    namespace: upgradeController.namespace,
    // An upgrade replaces a program of its node.
    podSecurity: "privileged",
    needs: ["namespaces"],
    conflicts: [],
    requires: needsOwnNodes,
    images: {
      controller: "docker.io/rancher/system-upgrade-controller:v0.20.1",
      // The controller's own default.
      kubectl: "docker.io/rancher/kubectl:v1.30.3",
    },
    options: systemOptions({}),
    budget: () => controllerResources.requests,
  }),
  velero: built({
    layer: "cluster",
    title: "Velero",
    purpose: "saves the cluster's objects and volumes to an S3 service, and brings them back",
    form: "chart",
    charts: ["velero"],
    licence: "Apache-2.0",
    namespace: "velero",
    // The agent reads volumes in their nodes' folders.
    podSecurity: "privileged",
    needs: ["namespaces"],
    conflicts: [],
    requires: needsBackupStore,
    images: { plugin: "docker.io/velero/velero-plugin-for-aws:v1.14.2" },
    options: veleroOptions,
    budget: ({ volumes }) => chartBudget("velero", veleroRendering(volumes)),
  }),
  keda: built({
    layer: "cluster",
    title: "KEDA",
    purpose: "starts and ends jobs and pods as their work comes and goes",
    form: "chart",
    charts: ["keda"],
    licence: "Apache-2.0",
    namespace: "keda",
    needs: ["namespaces"],
    conflicts: [],
    images: {},
    options: systemOptions({}),
    budget: ({ size }) => chartBudget("keda", kedaRendering(size)),
  }),
} as const satisfies CatalogueRows;
