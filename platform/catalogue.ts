import { systemOptions, type SystemRules } from "../config/systems.ts";
import { built, planned, type CatalogueRow } from "./catalogue-row.ts";
import { mosquittoOptions } from "./data/mosquitto-options.ts";

/**
 * Every system of the platform, by name, in the order in which the layers are deployed.
 *
 * A system that is `planned` is known to the configuration and to the presets, and cannot be switched on yet.
 */
export const catalogue = {
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
  nvidia: planned("cluster", "NVIDIA device plugin"),
  "sealed-secrets": planned("cluster", "Sealed Secrets"),
  openbao: planned("cluster", "OpenBao"),
  "fluent-bit": planned("cluster", "Fluent Bit"),
  jaeger: planned("cluster", "Jaeger"),
  istio: planned("cluster", "Istio"),
  "system-upgrade-controller": planned("cluster", "system-upgrade-controller"),
  velero: planned("cluster", "Velero"),
  keda: planned("cluster", "KEDA"),

  "rook-ceph": planned("storage", "Rook Ceph"),
  longhorn: planned("storage", "Longhorn"),
  nfs: planned("storage", "NFS volumes"),
  "object-store": planned("storage", "SeaweedFS"),
  "object-events": planned("storage", "Object events"),

  postgresql: planned("data", "PostgreSQL"),
  mysql: planned("data", "MariaDB"),
  cassandra: planned("data", "Cassandra"),
  zookeeper: planned("data", "ZooKeeper"),
  kafka: planned("data", "Kafka"),
  "kafka-connect": planned("data", "Kafka Connect"),
  "mirror-maker": planned("data", "MirrorMaker 2"),
  "schema-registry": planned("data", "Apicurio Registry"),
  mosquitto: built({
    layer: "data",
    title: "Mosquitto",
    purpose: "takes messages from devices and hands them on (MQTT)",
    form: "native",
    licence: "EPL-2.0",
    namespace: "data",
    service: "mqtt",
    needs: ["namespaces"],
    conflicts: [],
    images: { mosquitto: "docker.io/library/eclipse-mosquitto:2.1.2" },
    options: mosquittoOptions,
    budget: (options) => ({ cpu: "10m", memory: "32Mi", storage: options.storage }),
  }),
  elasticsearch: planned("data", "Elasticsearch"),
  logstash: planned("data", "Logstash"),
  kibana: planned("data", "Kibana"),
  keycloak: planned("data", "Keycloak"),
  jupyterhub: planned("data", "JupyterHub"),
  hive: planned("data", "Hive"),
  trino: planned("data", "Trino"),
  nifi: planned("data", "NiFi"),
  knative: planned("data", "Knative Serving"),
  airflow: planned("data", "Airflow"),
  spark: planned("data", "Spark"),
  openmetadata: planned("data", "OpenMetadata"),

  smon: planned("ml", "Signal monitor"),
  hrdump: planned("ml", "Hourly dump"),
  compressor: planned("ml", "Compressor"),
  mlflow: planned("ml", "MLflow"),
  kserve: planned("ml", "KServe"),
  "kubeflow-trainer": planned("ml", "Kubeflow Trainer"),
  katib: planned("ml", "Katib"),
  "kubeflow-pipelines": planned("ml", "Kubeflow Pipelines"),
  "argo-workflows": planned("ml", "Argo Workflows"),

  besu: planned("chain", "Besu"),
  ethstats: planned("chain", "Ethstats"),
  "last-block": planned("chain", "last-block"),

  gitlab: planned("devops", "GitLab"),
  "gitlab-runner": planned("devops", "GitLab Runner"),
  buildkit: planned("devops", "BuildKit"),
  jenkins: planned("devops", "Jenkins"),
  "argo-cd": planned("devops", "Argo CD"),
  flux: planned("devops", "Flux"),
  flagger: planned("devops", "Flagger"),
  harbor: planned("devops", "Harbor"),
  kyverno: planned("devops", "Kyverno"),
  opencost: planned("devops", "OpenCost"),
  portal: built({
    layer: "devops",
    title: "Portal",
    purpose: "one page that links to everything",
    form: "native",
    licence: "GPL-3.0-only",
    namespace: "portal",
    service: "portal",
    needs: ["namespaces"],
    conflicts: [],
    images: { homepage: "ghcr.io/gethomepage/homepage:v1.12.3" },
    options: systemOptions({}),
    budget: () => ({ cpu: "50m", memory: "160Mi" }),
  }),
} as const satisfies Record<string, CatalogueRow> & SystemRules;

export type Catalogue = typeof catalogue;

/** The systems that can be switched on. */
export type SystemName = {
  [Name in keyof Catalogue]: Catalogue[Name] extends { readonly planned: true } ? never : Name;
}[keyof Catalogue];
