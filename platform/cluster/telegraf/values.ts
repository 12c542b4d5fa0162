import type * as pulumi from "@pulumi/pulumi";
import type { Rendering } from "../../charts/rendering.ts";
import type { ChartValues } from "../../kit/chart.ts";
import type { Resources } from "../../kit/container.ts";
import { hardened, nonRoot } from "../../kit/security.ts";

/** Some thousand series every ten seconds. */
const telegrafResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
} as const satisfies Resources;

/** What Telegraf's values make of its chart. */
export const telegrafRendering: Rendering<"telegraf"> = {
  workloads: { "Deployment/telegraf": { containers: { telegraf: telegrafResources } } },
};

/** Environment variable with the token of InfluxDB. */
const tokenVariable = "INFLUX_TOKEN";

/** Kinds of objects whose state is measured. Pods are not among them: they come and go, and the database keeps a series for each. */
const inventory = ["daemonsets", "deployments", "nodes", "persistentvolumeclaims", "statefulsets"] as const;

/**
 * Values of the chart `telegraf`.
 *
 * @param secret name and key of the Secret with InfluxDB's token
 * @param checksum of the token: the pod starts anew when it changes
 */
export function telegrafValues({
  bucket,
  checksum,
  organization,
  secret,
  url,
}: {
  readonly url: string | pulumi.Output<string>;
  readonly organization: string;
  readonly bucket: string;
  readonly secret: { readonly name: string; readonly key: string };
  readonly checksum: string | pulumi.Output<string>;
}): ChartValues {
  return {
    // The chart's own tag moves on with every patch.
    image: { tag: "1.39.3-alpine" },
    env: [
      { name: "HOSTNAME", value: "telegraf" },
      { name: tokenVariable, valueFrom: { secretKeyRef: secret } },
    ],
    podAnnotations: { "uap.dev/checksum": checksum },
    resources: telegrafResources,
    securityContext: {
      ...nonRoot(telegrafUser),
    },
    containerSecurityContext: hardened,
    // It asks; nobody sends to it.
    service: { enabled: false },
    // One pod: a budget would keep its node from ever being drained.
    pdb: { create: false },
    rbac: { clusterWide: true, rules: [...telegrafRules] },
    config: {
      agent: { interval: "30s", flush_interval: "30s", hostname: "$HOSTNAME" },
      processors: [],
      outputs: [{ influxdb_v2: { urls: [url], token: `$${tokenVariable}`, organization, bucket } }],
      inputs: [
        {
          // Without a URL the plugin asks every node's kubelet, and then never verifies certificates; said here so that nobody expects it.
          // Its own name for nodes is also that of the inventory, where it cannot be changed.
          kubernetes: { url: "", insecure_skip_verify: true, node_metric_name: "kubernetes_node_usage" },
        },
        { kube_inventory: { url: "", namespace: "", resource_include: [...inventory] } },
      ],
    },
    metrics: { health: { enabled: true } },
  };
}

/** The user `telegraf` of the image's Alpine. */
const telegrafUser = 100;

/** What it may read: the kubelets' figures, and the state of what the inventory counts. */
const telegrafRules = [
  { apiGroups: [""], resources: ["nodes", "persistentvolumeclaims"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["nodes/stats", "nodes/metrics", "nodes/pods"], verbs: ["get"] },
  {
    apiGroups: ["apps"],
    resources: ["daemonsets", "deployments", "statefulsets"],
    verbs: ["get", "list", "watch"],
  },
] as const;
