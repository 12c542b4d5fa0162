import * as pulumi from "@pulumi/pulumi";
import { toApiServer } from "../../kit/api-server-access.ts";
import type { CertificateAuthority } from "../../kit/certificate-authority.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { checksum } from "../../kit/checksum.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { dashboard, type Dashboard } from "../../kit/dashboard.ts";
import { podMonitor } from "../../kit/metrics.ts";
import { generatedPassword } from "../../kit/password.ts";
import { secretObject } from "../../kit/secret-object.ts";
import { fluentBitRendering, fluentBitValues, storeKeys } from "./values.ts";

export interface FluentBitArgs {
  readonly place: ChartPlace;
  /** Vouches for Elasticsearch. */
  readonly authority: CertificateAuthority;
  /** Name of Elasticsearch's namespace, when it is on. @default logs end in the output of Fluent Bit's own pods */
  readonly elasticsearch: string | undefined;
  readonly monitoring: ChartSystem | undefined;
}

/** The account that writes logs. */
const account = "fluent-bit";
const elasticsearchPort = 9200;
/** Where the pods tell of themselves. */
const metrics = { port: 2020, path: "/api/v2/metrics/prometheus" } as const;

/**
 * Fluent Bit: reads the logs of every container on every node and sends them to Elasticsearch when that is on. Otherwise they end in the
 * output of its own pods, one JSON text a line, with the names of pod and namespace: `kubectl logs --namespace logging daemonset/fluent-bit`.
 */
export class FluentBit extends ChartSystem {
  /**
   * The account in Elasticsearch that it writes with; secret. Elasticsearch comes up later, in a layer above: it makes the account, and logs
   * wait on the nodes until then.
   */
  readonly writer: pulumi.Output<Readonly<Record<string, string>>> | undefined;

  constructor(args: FluentBitArgs) {
    super({ name: "fluent-bit", layer: "cluster" }, args.place);
    const password =
      args.elasticsearch === undefined ? undefined : generatedPassword(account, { parent: this }).result;
    this.writer =
      password && pulumi.secret(password.apply((text): Record<string, string> => ({ [account]: text })));
    this.#install(args, password);
    this.openEdges({
      from: [],
      to: [
        ...toApiServer,
        ...(args.elasticsearch !== undefined
          ? [{ peer: { kind: "namespace" as const, namespace: args.elasticsearch }, port: elasticsearchPort }]
          : []),
      ],
    });
    if (args.monitoring) this.#show(args.monitoring);
    this.registerOutputs();
  }

  #install({ authority, elasticsearch }: FluentBitArgs, password: pulumi.Output<string> | undefined): void {
    if (elasticsearch === undefined || !password) {
      this.install("fluent-bit", {
        values: fluentBitValues(undefined),
        rendering: fluentBitRendering,
      });
      return;
    }
    const name = "fluent-bit-elasticsearch";
    const texts = pulumi.all([password, authority.certificate]).apply(([passwordText, certificate]) => ({
      [storeKeys.password]: passwordText,
      [storeKeys.authority]: certificate,
    }));
    const secret = secretObject(name, this.metadata(name), texts, { parent: this });
    const host = `elasticsearch.${elasticsearch}`;
    const store = { host, port: elasticsearchPort, account, secret: name, checksum: checksum(texts) };
    this.install("fluent-bit", {
      values: fluentBitValues(store),
      rendering: fluentBitRendering,
      dependsOn: [secret],
    });
  }

  #show(monitoring: ChartSystem): void {
    const metadata = this.metadata("fluent-bit");
    podMonitor(
      "fluent-bit",
      {
        monitoring,
        metadata,
        selector: { "app.kubernetes.io/name": "fluent-bit" },
        port: { name: "http", number: metrics.port },
        path: metrics.path,
      },
      { parent: this },
    );
    dashboard("fluent-bit", { monitoring, metadata, dashboard: fluentBitDashboard }, { parent: this });
    alertRules("fluent-bit", { monitoring, metadata, alerts: [logsWait] }, { parent: this });
  }
}

function rate(counter: string): string {
  return `sum by (name) (rate(fluentbit_${counter}_total{namespace="logging"}[5m]))`;
}

const fluentBitDashboard: Dashboard = {
  title: "Fluent Bit",
  panels: [
    {
      title: "Records",
      unit: "ops",
      queries: { "read by {{name}}": rate("input_records"), "sent by {{name}}": rate("output_proc_records") },
    },
    { title: "Bytes sent", unit: "Bps", queries: { "{{name}}": rate("output_proc_bytes") } },
    {
      title: "Retries",
      unit: "ops",
      queries: {
        "retried by {{name}}": rate("output_retries"),
        "failed for good by {{name}}": rate("output_retries_failed"),
      },
    },
    { title: "Errors", unit: "ops", queries: { "{{name}}": rate("output_errors") } },
  ],
};

const logsWait: Alert = {
  name: "LogsNotDelivered",
  expression: `${rate("output_retries")} > 0`,
  for: "30m",
  severity: "warning",
  summary:
    "Elasticsearch accepts no logs: they are buffered on the nodes, and the oldest are dropped when the buffer is full.",
};
