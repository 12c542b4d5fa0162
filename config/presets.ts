/** What every stack starts with. */
const minimal = ["namespaces", "ingress", "cert-manager", "portal"] as const;

/** Sign-in, metrics and sealed secrets: what a stack that people share has besides. */
const shared = [...minimal, "monitoring", "sealed-secrets", "postgresql", "keycloak"] as const;

const dataPlatform = [
  ...shared,
  "rook-ceph",
  "mosquitto",
  "kafka",
  "schema-registry",
  "elasticsearch",
  "logstash",
  "kibana",
  "nifi",
  "jupyterhub",
  "object-store",
  "object-events",
  "keda",
  "compressor",
  "mysql",
  "cassandra",
  "hive",
  "trino",
  "knative",
  "airflow",
  "spark",
  "openmetadata",
] as const;

const sensors = [
  ...shared,
  "rook-ceph",
  "mosquitto",
  "elasticsearch",
  "kibana",
  "nifi",
  "object-store",
  "jupyterhub",
  "mlflow",
  "smon",
  "hrdump",
] as const;

const modelServing = [...minimal, "kserve"] as const;
const privateChain = [...minimal, "monitoring", "besu", "ethstats", "knative", "last-block"] as const;
const git = [...minimal, "gitlab"] as const;

/** What only the whole catalogue has. Alternatives to a system of another preset (Longhorn, NFS, OpenBao, Istio…) are never preset. */
const delivery = [
  "fluent-bit",
  "jaeger",
  "velero",
  "kafka-connect",
  "mirror-maker",
  "argo-workflows",
  "kubeflow-trainer",
  "katib",
  "kubeflow-pipelines",
  "gitlab-runner",
  "buildkit",
  "jenkins",
  "argo-cd",
  "flux",
  "flagger",
  "harbor",
  "kyverno",
  "opencost",
] as const;

/** The systems that each preset switches on. A name that the catalogue does not have, or only plans, is passed over. */
export const presets = {
  minimal,
  "data-platform": dataPlatform,
  sensors,
  "model-serving": modelServing,
  "private-chain": privateChain,
  git,
  everything: [
    ...new Set([...dataPlatform, ...sensors, ...modelServing, ...privateChain, ...git, ...delivery]),
  ],
} as const satisfies Record<string, readonly string[]>;

/** The name of a preset. */
export type Preset = keyof typeof presets;
/** The names of the presets, smallest first. */
export const presetNames = Object.keys(presets) as [Preset, ...Preset[]];
