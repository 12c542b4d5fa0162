import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../../../config/systems.ts";
import { fromApiServer, toApiServer } from "../../kit/api-server-access.ts";
import { ChartSystem } from "../../kit/chart-system.ts";
import type { ChartPlace } from "../../kit/chart.ts";
import { alertRules, type Alert } from "../../kit/alert-rules.ts";
import { dashboard, type Dashboard } from "../../kit/dashboard.ts";
import { podMonitor } from "../../kit/metrics.ts";
import type { Peer } from "../../kit/network-access.ts";
import { publicAddress, type IngressSettings } from "../../kit/public-address.ts";
import { trustedWebhook } from "../../kit/webhook.ts";
import { installCni } from "./cni.ts";
import { createGateway, gatewayName, gatewaySpec, type GatewaySpec } from "./gateway.ts";
import { joinMesh, meshPeers, type MeshMember, type PeerAuthenticationSpec } from "./members.ts";
import type { CniFolders } from "./options.ts";
import { istiodRendering } from "./rendering.ts";
import { istioBaseValues, istiodValues, istioPorts, istioValidation, proxyMetricsPort } from "./values.ts";

export interface IstioArgs {
  readonly place: ChartPlace;
  readonly size: Size;
  /** The namespaces in the mesh. */
  readonly members: readonly MeshMember[];
  /** Whether there is a gateway. */
  readonly gateway: boolean;
  /** Image of the agent that puts the CNI plugin on nodes. */
  readonly cniImage: string;
  readonly cniFolders: CniFolders;
  readonly host: string;
  /** How the gateway is published; undefined on a cluster without ingress. */
  readonly ingress: IngressSettings | undefined;
  /** Where the ingress controller's requests come from. */
  readonly ingressController: Peer;
}

/**
 * Istio: a mesh of the namespaces that are declared to be in it. Their pods get a proxy each, and speak TLS with one another, both sides
 * proving who they are; callers that are not in the mesh are refused, except where a namespace is declared permissive.
 *
 * A namespace joins when everything is ready that looks after its pods, and its systems come up afterwards: see {@link joined}.
 */
export class Istio extends ChartSystem {
  /** Address of the gateway; undefined without one, and on a cluster without ingress. */
  readonly url: pulumi.Output<string> | undefined;
  readonly #args: IstioArgs;
  readonly #joined: ReadonlyMap<string, pulumi.Output<string>>;

  constructor(args: IstioArgs) {
    super({ name: "istio", layer: "cluster" }, args.place);
    this.#args = args;
    this.install("istio-base", { values: istioBaseValues });
    this.install("istiod", { values: istiodValues(args.size), rendering: istiodRendering(args.size) });
    this.#openControlPlane();
    const agents = this.#installCni();
    const judges = this.#awaitValidation();
    const strict = this.#requireTls(judges);
    this.#joined = this.#joinMembers([...this.charts, agents, strict]);
    this.url = args.gateway ? this.#createGateway(judges) : undefined;
    this.registerOutputs({ url: this.url });
  }

  /** The name of a namespace of the mesh, known once it has joined: pods that are put there get their proxies. Undefined for others. */
  joined(namespace: string): pulumi.Output<string> | undefined {
    return this.#joined.get(namespace);
  }

  /** Has Prometheus ask istiod, the gateway and every proxy. */
  watchBy(monitoring: ChartSystem): void {
    const watch = (name: string, args: Omit<Parameters<typeof podMonitor>[1], "monitoring">) => {
      podMonitor(name, { monitoring, ...args }, { parent: this });
    };
    const proxies = {
      port: { name: proxyMetricsPort, number: istioPorts.proxyMetrics },
      path: "/stats/prometheus",
    };
    const control = { name: "http-monitoring", number: istioPorts.metrics };
    watch("istiod", { metadata: this.metadata("istiod"), selector: meshPeers.istiod, port: control });
    if (this.#args.gateway)
      watch(gatewayName, { ...proxies, metadata: this.metadata(gatewayName), selector: meshPeers.gateway });
    for (const member of this.#args.members) {
      const own = `istio-${member.name}`;
      const metadata = { ...this.metadata(own), namespace: member.namespace };
      watch(own, { ...proxies, metadata, selector: meshPeers.proxied });
    }
    const metadata = this.metadata("istio");
    dashboard("istio", { monitoring, metadata, dashboard: mesh }, { parent: this });
    alertRules("istio", { monitoring, metadata, alerts: meshAlerts }, { parent: this });
  }

  #openControlPlane(): void {
    const { gateway, members } = this.#args;
    const clients: Peer[] = [
      ...members.map(({ namespace }) => ({ kind: "namespace" as const, namespace })),
      ...(gateway ? [this.#pods(meshPeers.gateway)] : []),
    ];
    this.openEdges(
      {
        selector: meshPeers.istiod,
        from: [
          fromApiServer(istioPorts.webhooks),
          ...clients.map((peer) => ({ peer, port: istioPorts.xds })),
        ],
        to: toApiServer,
      },
      "istiod",
    );
  }

  #installCni(): pulumi.Resource {
    const { cniFolders: folders, cniImage: image } = this.#args;
    const metadata = (name: string, workload?: string) => this.metadata(name, workload);
    return installCni({ metadata, image, folders }, { parent: this });
  }

  /** Until istiod judges objects, none of its kinds can be made. A simulated one does not. */
  #awaitValidation(): pulumi.Resource[] {
    if (this.#args.place.charts.source === "facts") return [];
    return [trustedWebhook(istioValidation, { parent: this, dependsOn: [...this.charts] })];
  }

  /** For the whole mesh: the object's name and its place, beside istiod, make it so. */
  #requireTls(dependsOn: readonly pulumi.Resource[]): pulumi.Resource {
    return this.customResource<PeerAuthenticationSpec>("istio-strict", {
      kind: "security.istio.io/v1/PeerAuthentication",
      name: "default",
      spec: { mtls: { mode: "STRICT" } },
      dependsOn,
    });
  }

  #joinMembers(dependsOn: readonly pulumi.Resource[]): ReadonlyMap<string, pulumi.Output<string>> {
    const { labels } = this.metadata("istio");
    const control = { istiod: this.#pods(meshPeers.istiod), gateway: this.#pods(meshPeers.gateway) };
    return new Map(
      this.#args.members.map((member) => [
        member.name,
        joinMesh({ member, labels, ...control }, { parent: this, dependsOn: [...dependsOn] }),
      ]),
    );
  }

  #createGateway(judges: readonly pulumi.Resource[]): pulumi.Output<string> | undefined {
    const { host, ingress, ingressController, members, size } = this.#args;
    const metadata = this.metadata(gatewayName, gatewayName);
    const name = createGateway({ metadata, size }, { parent: this, dependsOn: [...this.charts] });
    this.customResource<GatewaySpec>("istio-gateway", {
      kind: "networking.istio.io/v1/Gateway",
      name: "gateway",
      spec: gatewaySpec,
      dependsOn: judges,
    });
    const targets = members.flatMap(({ gatewayPorts, namespace }) =>
      gatewayPorts.map((port) => ({ peer: { kind: "namespace" as const, namespace }, port })),
    );
    this.openEdges(
      {
        selector: meshPeers.gateway,
        from: [{ peer: ingressController, port: istioPorts.gateway }],
        to: [{ peer: this.#pods(meshPeers.istiod), port: istioPorts.xds }, ...targets],
      },
      gatewayName,
    );
    const args = { metadata, host, service: { name, port: "http" } };
    return ingress && publicAddress(gatewayName, { ...args, ingress }, { parent: this });
  }

  #pods(selector: Readonly<Record<string, string>>): Peer {
    return { kind: "pods", namespace: this.namespace, selector };
  }
}

const mesh: Dashboard = {
  title: "Istio",
  panels: [
    {
      title: "Requests",
      unit: "reqps",
      queries: {
        "{{destination_service_namespace}} {{response_code}}":
          'sum by (destination_service_namespace, response_code) (rate(istio_requests_total{reporter="destination"}[5m]))',
      },
    },
    {
      title: "Request duration (p99)",
      unit: "s",
      queries: {
        "{{destination_service_name}}":
          'histogram_quantile(0.99, sum by (le, destination_service_name) (rate(istio_request_duration_milliseconds_bucket{reporter="destination"}[5m]))) / 1000',
      },
    },
    {
      title: "Requests without mutual TLS",
      unit: "reqps",
      queries: {
        "{{destination_service_namespace}}":
          'sum by (destination_service_namespace) (rate(istio_requests_total{reporter="destination",connection_security_policy!="mutual_tls"}[5m]))',
      },
    },
    {
      title: "Proxies and rejected configurations",
      unit: "short",
      queries: { proxies: "sum(pilot_xds)", rejected: "sum(pilot_total_xds_rejects)" },
    },
  ],
};

const meshAlerts: readonly Alert[] = [
  {
    name: "IstiodDown",
    expression: "absent(istiod_uptime_seconds)",
    for: "5m",
    severity: "critical",
    summary:
      "The control plane istiod is down: proxies keep their last configuration, and new pods of the mesh cannot start.",
  },
  {
    name: "IstioConfigurationRejected",
    expression: "sum by (type) (rate(pilot_total_xds_rejects[5m])) > 0",
    for: "10m",
    severity: "warning",
    summary: "Proxies reject the {{ $labels.type }} configuration that istiod sends them.",
  },
];
