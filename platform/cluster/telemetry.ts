import { catalogue } from "../catalogue.ts";
import type { CertificateAuthority } from "../kit/certificate-authority.ts";
import type { ChartPlace } from "../kit/chart.ts";
import type { ChartSystem } from "../kit/chart-system.ts";
import type { Peer } from "../kit/network-access.ts";
import type { IngressSettings } from "../kit/public-address.ts";
import { deployedSystems, hostOf, type Deployed, type PlatformConfiguration } from "../layer.ts";
import { FluentBit } from "./fluent-bit/fluent-bit.ts";
import { Influxdb } from "./influxdb/influxdb.ts";
import { Jaeger } from "./jaeger/jaeger.ts";
import type { NamespaceName } from "./namespaces.ts";
import { Telegraf } from "./telegraf/telegraf.ts";
import { Zabbix } from "./zabbix/zabbix.ts";

export interface TelemetryArgs {
  place(namespace: NamespaceName): ChartPlace;
  readonly authority: CertificateAuthority;
  readonly ingress: IngressSettings | undefined;
  readonly ingressController: Peer;
  readonly monitoring: ChartSystem | undefined;
}

/** What systems send of themselves beside metrics, and where it is kept. */
export interface Telemetry {
  readonly fluentBit: FluentBit | undefined;
  readonly jaeger: Jaeger | undefined;
  readonly deployed: readonly Deployed[];
}

/** Deploys the systems that take logs, traces and measurements, as far as they are switched on. */
export function deployTelemetry(configuration: PlatformConfiguration, args: TelemetryArgs): Telemetry {
  const { systems } = configuration.platform;
  const influxdb = deployInfluxdb(configuration, args);
  const telegraf =
    systems.telegraf && influxdb
      ? new Telegraf({ place: args.place(catalogue.telegraf.namespace), influxdb })
      : undefined;
  const fluentBit = deployFluentBit(configuration, args);
  const jaeger = deployJaeger(configuration, args);
  const zabbix = deployZabbix(configuration, args);
  return {
    fluentBit,
    jaeger,
    deployed: deployedSystems({ influxdb, telegraf, "fluent-bit": fluentBit, jaeger, zabbix }),
  };
}

function deployInfluxdb(configuration: PlatformConfiguration, args: TelemetryArgs): Influxdb | undefined {
  const { influxdb: options, telegraf } = configuration.platform.systems;
  if (!options) return undefined;
  const { images, namespace, service } = catalogue.influxdb;
  return new Influxdb({
    place: args.place(namespace),
    image: images.influxdb,
    options,
    host: hostOf(configuration, service),
    ingress: args.ingress,
    ingressController: args.ingressController,
    writers: telegraf ? [{ kind: "namespace", namespace: catalogue.telegraf.namespace }] : [],
    monitoring: args.monitoring,
  });
}

function deployFluentBit(configuration: PlatformConfiguration, args: TelemetryArgs): FluentBit | undefined {
  const { systems } = configuration.platform;
  if (!systems["fluent-bit"]) return undefined;
  return new FluentBit({
    place: args.place(catalogue["fluent-bit"].namespace),
    authority: args.authority,
    elasticsearch: Object.hasOwn(systems, "elasticsearch") ? elasticsearchNamespace : undefined,
    monitoring: args.monitoring,
  });
}

/** Where Elasticsearch comes up, in the data layer. */
const elasticsearchNamespace = "data";

function deployJaeger(configuration: PlatformConfiguration, args: TelemetryArgs): Jaeger | undefined {
  const options = configuration.platform.systems.jaeger;
  if (!options) return undefined;
  const { namespace, service } = catalogue.jaeger;
  return new Jaeger({
    place: args.place(namespace),
    options,
    host: hostOf(configuration, service),
    ingress: args.ingress,
    ingressController: args.ingressController,
    monitoring: args.monitoring,
  });
}

function deployZabbix(configuration: PlatformConfiguration, args: TelemetryArgs): Zabbix | undefined {
  const options = configuration.platform.systems.zabbix;
  if (!options) return undefined;
  const { images, namespace, service } = catalogue.zabbix;
  return new Zabbix({
    place: args.place(namespace),
    options,
    curlImage: images.curl,
    host: hostOf(configuration, service),
    ingress: args.ingress,
    ingressController: args.ingressController,
  });
}
