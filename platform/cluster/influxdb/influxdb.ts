import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Sized } from "../../../config/systems.ts";
import type { ChartSystem } from "../../kit/chart-system.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { dashboard, datasource, type Dashboard } from "../../kit/dashboard.ts";
import { selectorLabels } from "../../kit/labels.ts";
import { podMonitor } from "../../kit/metrics.ts";
import { networkAccess, type Peer } from "../../kit/network-access.ts";
import { generatedPassword } from "../../kit/password.ts";
import { publicAddress, type IngressSettings } from "../../kit/public-address.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { StatefulService } from "../../kit/stateful-service.ts";
import { System, type SystemPlace } from "../../kit/system.ts";
import {
  administrator,
  dataFolder,
  influxdbBucket,
  influxdbContainer,
  influxdbOrganization,
  influxdbPort,
  influxdbUser,
  secretKeys,
} from "./container.ts";
import type { InfluxdbOptions } from "./options.ts";

export interface InfluxdbArgs {
  readonly place: SystemPlace;
  /** Image with its tag. */
  readonly image: string;
  readonly options: Sized<InfluxdbOptions>;
  readonly host: string;
  /** How the pages are published; undefined on a cluster without ingress. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
  /** Systems of the platform that write, beside the namespaces of the options. */
  readonly writers: readonly Peer[];
  readonly monitoring: ChartSystem | undefined;
}

/** Where and how a program of the platform connects. */
export interface InfluxdbConnection {
  readonly endpoint: pulumi.Output<string>;
  readonly organization: string;
  readonly bucket: string;
  /** May do everything; secret. The image can be set up with no lesser one. */
  readonly token: pulumi.Output<string>;
}

/**
 * InfluxDB 2: keeps measurements over time. A workload of the platform's own, since the chart is dormant and lets nobody give the volume to
 * the user that the process runs as.
 */
export class Influxdb extends System {
  /** Address of the pages; undefined on a cluster without ingress. */
  readonly url: pulumi.Output<string> | undefined;
  readonly connection: InfluxdbConnection;
  /** The administrator's password, by account; secret. */
  readonly accounts: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(args: InfluxdbArgs) {
    super({ name: "influxdb", layer: "cluster" }, args.place);
    const password = generatedPassword("influxdb-administrator", { parent: this }).result;
    const token = generatedPassword("influxdb-token", { parent: this }).result;
    this.accounts = pulumi.secret(
      password.apply((text): Record<string, string> => ({ [administrator]: text })),
    );
    const credentials = this.#createCredentials(password, token);
    const service = this.#createService(args, credentials);
    this.connection = {
      endpoint: pulumi.interpolate`http://${service.serviceName}.${this.namespace}:${influxdbPort}`,
      organization: influxdbOrganization,
      bucket: influxdbBucket,
      token: pulumi.secret(token),
    };
    this.url = args.ingress && this.#publish(args.host, args.ingress, service);
    this.#openEdges(args);
    if (args.monitoring) this.#show(args.monitoring);
    this.registerOutputs({ url: this.url });
  }

  #createCredentials(
    password: pulumi.Output<string>,
    token: pulumi.Output<string>,
  ): kubernetes.core.v1.Secret {
    return secretObject(
      "influxdb",
      this.metadata("influxdb"),
      pulumi.all([password, token]).apply(([passwordText, tokenText]) => ({
        [secretKeys.password]: passwordText,
        [secretKeys.token]: tokenText,
      })),
      { parent: this },
    );
  }

  #createService(args: InfluxdbArgs, credentials: kubernetes.core.v1.Secret): StatefulService {
    return new StatefulService(
      "influxdb",
      {
        system: this.systemName,
        metadata: this.metadata("influxdb"),
        user: influxdbUser,
        storage: { size: args.options.storage, mountPath: dataFolder },
        ports: { http: influxdbPort },
        container: influxdbContainer(args.image, args.options, credentials.metadata.name),
        volumes: [{ name: "settings", emptyDir: { sizeLimit: "16Mi" } }],
      },
      { parent: this },
    );
  }

  #publish(host: string, ingress: IngressSettings, service: StatefulService): pulumi.Output<string> {
    return publicAddress(
      "influxdb",
      {
        metadata: this.metadata("influxdb"),
        host,
        service: { name: service.serviceName, port: "http" },
        ingress,
      },
      { parent: this },
    );
  }

  #openEdges({ ingressController, options, writers }: InfluxdbArgs): void {
    const clients = options.clients.map((namespace) => ({ kind: "namespace" as const, namespace }));
    networkAccess(
      "influxdb",
      {
        metadata: this.metadata("influxdb"),
        selector: selectorLabels(this.systemName),
        from: [ingressController, ...writers, ...clients].map((peer) => ({ peer, port: influxdbPort })),
      },
      { parent: this },
    );
  }

  #show(monitoring: ChartSystem): void {
    const metadata = this.metadata("influxdb");
    const options = { parent: this };
    podMonitor(
      "influxdb",
      {
        monitoring,
        metadata,
        selector: selectorLabels(this.systemName),
        port: { name: "http", number: influxdbPort },
      },
      options,
    );
    dashboard("influxdb", { monitoring, metadata, dashboard: influxdbDashboard }, options);
    alertRules("influxdb", { monitoring, metadata, alerts: influxdbAlerts }, options);
    const { endpoint, token } = this.connection;
    const source = pulumi.all([endpoint, token]).apply(([address, tokenText]) => ({
      name: "InfluxDB",
      type: "influxdb" as const,
      url: address,
      jsonData: { version: "Flux", organization: influxdbOrganization, defaultBucket: influxdbBucket },
      secureJsonData: { token: tokenText },
    }));
    datasource("influxdb", { monitoring, metadata, port: influxdbPort, datasource: source }, options);
  }
}

const influxdbDashboard: Dashboard = {
  title: "InfluxDB",
  panels: [
    {
      title: "Requests",
      unit: "reqps",
      queries: {
        "{{path}} {{response_code}}":
          'sum by (path, response_code) (rate(http_api_requests_total{namespace="influxdb"}[5m]))',
      },
    },
    {
      title: "Data on disk",
      unit: "bytes",
      queries: { "{{bucket}}": 'sum by (bucket) (storage_shard_disk_size{namespace="influxdb"})' },
    },
    {
      title: "Series",
      unit: "short",
      queries: { "{{bucket}}": 'sum by (bucket) (storage_shard_series{namespace="influxdb"})' },
    },
    {
      title: "Heap in use",
      unit: "bytes",
      queries: { heap: 'go_memstats_heap_inuse_bytes{namespace="influxdb"}' },
    },
  ],
};

const influxdbAlerts: readonly Alert[] = [
  {
    name: "InfluxDBDown",
    expression: 'absent(up{namespace="influxdb"} == 1)',
    for: "5m",
    severity: "critical",
    summary: "InfluxDB is down: writes are refused and nothing can be queried.",
  },
  {
    name: "InfluxDBVolumeAlmostFull",
    expression:
      'kubelet_volume_stats_available_bytes{namespace="influxdb"} / kubelet_volume_stats_capacity_bytes{namespace="influxdb"} < 0.15',
    for: "30m",
    severity: "warning",
    summary:
      "The volume {{ $labels.persistentvolumeclaim }} of InfluxDB has {{ $value | humanizePercentage }} left: shorten the retention or raise the storage.",
  },
];
