import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { kiloPort } from "../../../infra/bootstrap/firewall-rules.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import type { ChartSystem } from "../../kit/chart-system.ts";
import { digestOf } from "../../kit/checksum.ts";
import { dashboard, type Dashboard } from "../../kit/dashboard.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { podMonitor } from "../../kit/metrics.ts";
import { System } from "../../kit/system.ts";
import { peerDefinition } from "./definitions.ts";
import { cniConfiguration, kubeconfigScript, pluginScript } from "./files.ts";
import { kiloPods } from "./pods.ts";
import { createServiceAccount } from "../../kit/service-account.ts";

export interface KiloArgs {
  /** The cluster as it is before there is a pod network. Its Nodes have Kilo's annotations by then, see infra/planned-marks.ts. */
  readonly provider: kubernetes.Provider;
  readonly image: string;
  /** Range of the mesh's WireGuard addresses. */
  readonly meshCidr: string;
}

/**
 * Kilo: the pod network of clusters in more than one place, with WireGuard between the places. It comes before anything else, into
 * Kubernetes' own namespace: until it runs no pod has a network, and so no namespace of the platform exists.
 */
export class Kilo extends System {
  constructor(args: KiloArgs) {
    const { provider } = args;
    super({ name: "kilo", layer: "cluster" }, { provider, namespace: pulumi.output("kube-system") });
    const definition = this.#createDefinition();
    const rights = createServiceAccount(
      "kilo",
      { metadata: this.metadata("kilo"), clusterRules: rules },
      { parent: this },
    );
    this.#createAgents(args, [definition, ...rights]);
    this.registerOutputs();
  }

  /** Has Prometheus ask the agent of every node. */
  watchBy(monitoring: ChartSystem): void {
    const metadata = this.metadata("kilo");
    // No parts of this one, which has to be whole before there is a network for Prometheus.
    const options = { parent: monitoring };
    const port = { name: "metrics", number: kiloPort };
    const selector = selectorLabels(this.systemName);
    podMonitor("kilo", { monitoring, metadata, selector, port, areOnNodes: true }, options);
    dashboard("kilo", { monitoring, metadata, dashboard: mesh }, options);
    alertRules("kilo", { monitoring, metadata, alerts: [meshErrors] }, options);
  }

  #createDefinition(): pulumi.Resource {
    const { labels } = this.metadata("kilo");
    return new kubernetes.apiextensions.v1.CustomResourceDefinition(
      "kilo-peers",
      { metadata: { name: "peers.kilo.squat.ai", labels }, spec: peerDefinition },
      { parent: this },
    );
  }

  #createAgents({ image, meshCidr }: KiloArgs, dependsOn: pulumi.Resource[]): void {
    const files = {
      "cni.json": cniConfiguration,
      "kubeconfig.sh": kubeconfigScript,
      "plugins.sh": pluginScript,
    };
    const metadata = this.metadata("kilo");
    const configuration = new kubernetes.core.v1.ConfigMap(
      "kilo",
      { metadata, data: files },
      { parent: this },
    );
    const { labels } = metadata;
    const selector = selectorLabels(this.systemName);
    const template = kiloPods({ image, labels, meshCidr, checksum: digestOf([files]) });
    new kubernetes.apps.v1.DaemonSet(
      "kilo",
      {
        metadata,
        spec: {
          selector: { matchLabels: selector },
          // An agent that ends takes its node's tunnels down for a moment.
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
          template,
        },
      },
      { parent: this, dependsOn: [configuration, ...dependsOn] },
    );
  }
}

/** The agent writes its key and addresses to its Node, and reads those of the others. */
const rules = [
  { apiGroups: [""], resources: ["nodes"], verbs: ["list", "patch", "watch"] },
  { apiGroups: ["kilo.squat.ai"], resources: ["peers"], verbs: ["list", "watch"] },
  { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: ["get"] },
];

const mesh: Dashboard = {
  title: "Kilo",
  panels: [
    { title: "Nodes in the mesh", unit: "short", queries: { "seen by {{pod}}": "kilo_nodes" } },
    { title: "Location leaders", unit: "short", queries: { "{{pod}}": "kilo_leader" } },
    { title: "Reconciliations", unit: "ops", queries: { "{{pod}}": "rate(kilo_reconciles_total[5m])" } },
    {
      title: "Errors",
      unit: "ops",
      queries: { "{{pod}} {{event}}": "rate(kilo_errors_total[5m])" },
    },
  ],
};

const meshErrors: Alert = {
  name: "KiloErrors",
  expression: "sum by (pod, instance) (rate(kilo_errors_total[5m])) > 0",
  for: "15m",
  severity: "warning",
  summary: "Kilo on {{ $labels.instance }} keeps failing: its WireGuard tunnels may be out of date.",
};
