import { systemOptions } from "../../config/systems.ts";
import { built, planned, type CatalogueRows } from "../catalogue-row.ts";
import { chartBudget } from "../charts/rendering.ts";
import { kedaRendering } from "./keda-rendering.ts";

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
  ingress: planned("cluster", "Traefik"),
  "cert-manager": planned("cluster", "cert-manager"),
  monitoring: planned("cluster", "Prometheus, Alertmanager and Grafana"),
  telegraf: planned("cluster", "Telegraf"),
  influxdb: planned("cluster", "InfluxDB"),
  zabbix: planned("cluster", "Zabbix"),
  kilo: planned("cluster", "Kilo"),
  "cloud-controller": planned("cluster", "Cloud controller managers"),
  nvidia: planned("cluster", "NVIDIA device plugin"),
  "sealed-secrets": planned("cluster", "Sealed Secrets"),
  openbao: planned("cluster", "OpenBao"),
  "fluent-bit": planned("cluster", "Fluent Bit"),
  jaeger: planned("cluster", "Jaeger"),
  istio: planned("cluster", "Istio"),
  "system-upgrade-controller": planned("cluster", "system-upgrade-controller"),
  velero: planned("cluster", "Velero"),
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
