import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { dashboard, datasource, type Dashboard } from "../../kit/dashboard.ts";
import { serviceMonitor } from "../../kit/metrics.ts";
import type { Peer } from "../../kit/network-access.ts";
import { publicAddress, type IngressSettings } from "../../kit/public-address.ts";
import type { JaegerOptions } from "./options.ts";
import { jaegerPorts, jaegerRendering, jaegerValues } from "./values.ts";

export interface JaegerArgs {
  readonly place: ChartPlace;
  readonly options: Pick<JaegerOptions, "clients" | "retention" | "storage">;
  readonly host: string;
  /** How the pages are published; undefined on a cluster without ingress. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
  readonly monitoring: ChartSystem | undefined;
}

/** The chart's Service. */
const serviceName = "jaeger";

/**
 * Jaeger: follows a request through the programs that serve it. Programs send what they did by OTLP; one process takes it, keeps it on its
 * own volume, and shows it.
 */
export class Jaeger extends ChartSystem {
  /** Address of the pages; undefined on a cluster without ingress. */
  readonly url: pulumi.Output<string> | undefined;
  /** Where programs send traces: OTLP over gRPC. */
  readonly otlpAddress: pulumi.Output<string>;

  constructor(args: JaegerArgs) {
    super({ name: "jaeger", layer: "cluster" }, args.place);
    const claim = this.#claimVolume(args.options);
    this.install("jaeger", {
      values: jaegerValues({ claim: claimName, retention: args.options.retention }),
      rendering: jaegerRendering,
      dependsOn: [claim],
    });
    this.otlpAddress = pulumi.interpolate`http://${serviceName}.${this.namespace}:${jaegerPorts.otlpGrpc}`;
    this.url = args.ingress && this.#publish(args.host, args.ingress);
    this.#openEdges(args);
    if (args.monitoring) this.#show(args.monitoring);
    this.registerOutputs({ url: this.url, otlpAddress: this.otlpAddress });
  }

  #claimVolume({ storage }: JaegerArgs["options"]): kubernetes.core.v1.PersistentVolumeClaim {
    return new kubernetes.core.v1.PersistentVolumeClaim(
      claimName,
      {
        metadata: this.metadata(claimName),
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
      },
      { parent: this },
    );
  }

  #publish(host: string, ingress: IngressSettings): pulumi.Output<string> {
    return publicAddress(
      "jaeger",
      {
        metadata: this.metadata("jaeger"),
        host,
        service: { name: serviceName, port: "http-query" },
        ingress,
      },
      { parent: this, dependsOn: this.charts },
    );
  }

  #openEdges({ ingressController, options }: JaegerArgs): void {
    const clients = options.clients.flatMap((namespace) =>
      [jaegerPorts.otlpGrpc, jaegerPorts.otlpHttp].map((port) => ({
        peer: { kind: "namespace" as const, namespace },
        port,
      })),
    );
    this.openEdges({ from: [{ peer: ingressController, port: jaegerPorts.query }, ...clients] });
  }

  #show(monitoring: ChartSystem): void {
    const metadata = this.metadata("jaeger");
    serviceMonitor(
      "jaeger",
      {
        monitoring,
        metadata,
        selector: { "app.kubernetes.io/name": "jaeger", "app.kubernetes.io/instance": "jaeger" },
        port: { name: "internal-metrics", number: jaegerPorts.metrics },
      },
      { parent: this },
    );
    dashboard("jaeger", { monitoring, metadata, dashboard: jaegerDashboard }, { parent: this });
    alertRules("jaeger", { monitoring, metadata, alerts: [spansDropped] }, { parent: this });
    const source = this.namespace.apply((namespace) => ({
      name: "Jaeger",
      type: "jaeger" as const,
      url: `http://${serviceName}.${namespace}:${jaegerPorts.query}`,
    }));
    datasource(
      "jaeger",
      { monitoring, metadata, port: jaegerPorts.query, datasource: source },
      { parent: this },
    );
  }
}

const claimName = "jaeger-traces";

/** The collector's counters, with and without the ending that some of its versions add. */
function spans(what: string): string {
  return `sum(rate({__name__=~"otelcol_${what}_spans(_total)?",namespace="observability"}[5m]))`;
}

const jaegerDashboard: Dashboard = {
  title: "Jaeger",
  panels: [
    {
      title: "Spans received",
      unit: "ops",
      queries: { accepted: spans("receiver_accepted"), refused: spans("receiver_refused") },
    },
    {
      title: "Spans written",
      unit: "ops",
      queries: { written: spans("exporter_sent"), failed: spans("exporter_send_failed") },
    },
  ],
};

const lost = ["receiver_refused", "exporter_send_failed"].map((what) => `(${spans(what)} or vector(0))`);

const spansDropped: Alert = {
  name: "JaegerSpansDropped",
  expression: `${lost.join(" + ")} > 0`,
  for: "15m",
  severity: "warning",
  summary: "Jaeger drops {{ $value | humanize }} spans per second: traces are incomplete.",
};
