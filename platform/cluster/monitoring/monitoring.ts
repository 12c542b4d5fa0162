import * as pulumi from "@pulumi/pulumi";
import type * as kubernetes from "@pulumi/kubernetes";
import { stringify } from "yaml";
import { toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import type { Peer } from "../../kit/network-access.ts";
import { generatedPassword } from "../../kit/password.ts";
import { publicAddress, type IngressSettings } from "../../kit/public-address.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { alertmanagerConfiguration, receiverPort, type AlertReceiver } from "./alert-receivers.ts";
import type { MonitoringOptions } from "./options.ts";
import { monitoringRendering, type ExporterNetwork } from "./rendering.ts";
import { administratorKeys, monitoringValues, type MonitoringSettings } from "./values.ts";

export interface MonitoringArgs {
  readonly place: ChartPlace;
  readonly options: MonitoringSettings["options"] & Pick<MonitoringOptions, "alerts">;
  readonly host: string;
  /** Whose network node-exporter is in. */
  readonly exporterNetwork: ExporterNetwork;
  /** How Grafana is published; undefined on a cluster without ingress. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
}

const administrator = "admin";

/** The chart's Services and their ports, by the names that follow from the release's. */
const services = { grafana: "kube-prometheus-stack-grafana", prometheus: "kube-prometheus-stack-prometheus" };

/** The pods' ports, by the chart. */
const ports = {
  grafana: 3000,
  prometheus: 9090,
  alertmanager: 9093,
  gossip: 9094,
  /** The operator, what it adds to its pods, and kube-state-metrics. */
  metrics: 8080,
} as const;

/** The kubelet's port, on its node. */
const kubeletPort = 10250;

/** The port of node-exporter, on its node or in its pod. */
const exporterPort = 9100;

const nameServer = { selector: { "k8s-app": "kube-dns" }, metricsPort: 9153 } as const;

/**
 * Prometheus, Alertmanager and Grafana, with node-exporter on every node and kube-state-metrics. Prometheus asks whatever a monitor of any
 * namespace names; Grafana shows every dashboard that lies beside it. See `kit/metrics.ts` and `kit/dashboard.ts`.
 */
export class Monitoring extends ChartSystem {
  /** Grafana's address; undefined on a cluster without ingress. */
  readonly url: pulumi.Output<string> | undefined;
  /** Where programs of the platform ask Prometheus. */
  readonly prometheusUrl: pulumi.Output<string>;
  /** Password of Grafana's administrator, by account; secret. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(args: MonitoringArgs) {
    super({ name: "monitoring", layer: "cluster" }, args.place);
    const password = generatedPassword("grafana-administrator", { parent: this }).result;
    this.accounts = pulumi.secret(
      password.apply((text): Record<string, string> => ({ [administrator]: text })),
    );
    const secret = this.#createAdministrator(password);
    this.install("kube-prometheus-stack", {
      values: monitoringValues({
        options: args.options,
        namespace: this.namespace,
        host: args.ingress && args.host,
        exporterNetwork: args.exporterNetwork,
        administrator: administratorSecret,
        alertmanager: alertmanagerSecret,
      }),
      rendering: monitoringRendering(args.options.size, args.exporterNetwork),
      dependsOn: [secret, this.#configureAlertmanager(args.options.alerts)],
    });
    this.url = args.ingress && this.#publish(args.host, args.ingress);
    this.prometheusUrl = pulumi.interpolate`http://${services.prometheus}.${this.namespace}:${ports.prometheus}`;
    this.#openEdges(args);
    this.registerOutputs({ url: this.url });
  }

  #createAdministrator(password: pulumi.Output<string>): kubernetes.core.v1.Secret {
    const { password: passwordKey, user } = administratorKeys;
    return secretObject(
      administratorSecret,
      this.metadata(administratorSecret),
      password.apply((text) => ({ [user]: administrator, [passwordKey]: text })),
      { parent: this },
    );
  }

  #configureAlertmanager(receivers: readonly AlertReceiver[]): kubernetes.core.v1.Secret {
    return secretObject(
      alertmanagerSecret,
      this.metadata(alertmanagerSecret),
      { "alertmanager.yaml": stringify(alertmanagerConfiguration(receivers)) },
      { parent: this },
    );
  }

  #publish(host: string, ingress: IngressSettings): pulumi.Output<string> {
    return publicAddress(
      "grafana",
      {
        metadata: this.metadata("grafana"),
        host,
        service: { name: services.grafana, port: "http-web" },
        ingress,
      },
      { parent: this, dependsOn: this.charts },
    );
  }

  #openEdges({ exporterNetwork, ingressController, options }: MonitoringArgs): void {
    const itself: Peer = { kind: "namespace", namespace: this.namespace };
    const isOnNodes = exporterNetwork === "node";
    const inside = [
      ...[...Object.values(ports), ...(isOnNodes ? [] : [exporterPort])].map((port) => ({
        peer: itself,
        port,
      })),
      // Alertmanagers gossip by both.
      { peer: itself, port: ports.gossip, protocol: "UDP" as const },
    ];
    const outside = new Set([
      kubeletPort,
      ...(isOnNodes ? [exporterPort] : []),
      ...options.alerts.map(receiverPort),
    ]);
    const world = [...outside].map((port) => ({ peer: { kind: "world" } as const, port }));
    const nameServers: Peer = { kind: "pods", namespace: "kube-system", selector: nameServer.selector };
    this.openEdges({
      from: [...inside, { peer: ingressController, port: ports.grafana }],
      to: [...inside, ...toApiServer, ...world, { peer: nameServers, port: nameServer.metricsPort }],
    });
  }
}

/** Names of the Secrets with Grafana's administrator and Alertmanager's configuration. */
const administratorSecret = "grafana-administrator";
const alertmanagerSecret = "alertmanager-configuration";
